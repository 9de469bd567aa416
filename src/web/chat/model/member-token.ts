/**
 * Whose token it is, to tell whether a stored conversation belongs to the same person. It is read, not verified: the
 * server verifies. A token that cannot be read stands for itself.
 */
export function subjectOf(token: string): string {
  try {
    const payload = token.split('.')[1] ?? ''
    const bytes = Uint8Array.from(atob(payload.replace(/-/g, '+').replace(/_/g, '/')), (character) =>
      character.charCodeAt(0),
    )
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes))
    const subject = typeof claims === 'object' && claims !== null ? (claims as { sub?: unknown }).sub : undefined
    return typeof subject === 'string' && subject !== '' ? subject : token
  } catch {
    return token
  }
}
