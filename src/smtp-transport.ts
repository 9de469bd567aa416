import { createTransport } from 'nodemailer'
import type { MailTransport } from './core/mail/deliver'

/** E-mail by SMTP. */
export function smtpTransport({ smtpUrl, from }: { smtpUrl: string; from: string }): MailTransport {
  const transport = createTransport(smtpUrl)
  return {
    async send({ recipient, subject, body }) {
      await transport.sendMail({ from, to: recipient, subject, text: body })
    },
  }
}
