import { Icon } from '../parts/icons'

/** Why something was refused, read out at once. */
export function Problem({ text }: { text: string | undefined }) {
  return (
    <div role="alert">
      {text !== undefined && (
        <p className="problem">
          <Icon name="alert" />
          <span>{text}</span>
        </p>
      )}
    </div>
  )
}
