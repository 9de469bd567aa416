/** The sign of the shop's software. */
export function Cup({ size = 30 }: { size?: number }) {
  return (
    <svg className="cup" viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" focusable="false">
      <rect className="cup-ground" width="32" height="32" rx="9" />
      <path
        className="cup-line"
        d="M8 13.5h12.500v6a5 5 0 0 1-5 5H13a5 5 0 0 1-5-5zM20.5 15h1.300a2.7 2.7 0 0 1 0 5.400h-1.500M11.7 9.800c-.9-1.2.9-1.9 0-3.300M16.2 9.800c-.9-1.2.9-1.9 0-3.3"
      />
    </svg>
  )
}
