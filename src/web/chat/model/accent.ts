/** Contrast of two colours (#rrggbb) by WCAG 2.2. */
export function contrast(left: string, right: string): number {
  const [darker = 0, lighter = 0] = [luminance(left), luminance(right)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

/**
 * A shop's colour in the shade that keeps text readable: darkened until white on it, or lightened until it on the dark
 * ground, has a contrast of 4.5. Undefined when it is no colour.
 */
export function readableAccent(accent: string | undefined): { onLight: string; onDark: string } | undefined {
  if (!accent || !/^#[0-9a-f]{6}$/i.test(accent)) return undefined
  return { onLight: shadeUntil(accent, '#000000', '#ffffff'), onDark: shadeUntil(accent, '#ffffff', darkGround) }
}

const darkGround = '#1d2421'
const contrastMin = 4.6

function shadeUntil(colour: string, towards: string, ground: string): string {
  for (let share = 0; share < 1; share += 0.05) {
    const shade = mix(colour, towards, share)
    if (contrast(shade, ground) >= contrastMin) return shade
  }
  return towards
}

function mix(colour: string, towards: string, share: number): string {
  const ends = channels(towards)
  const mixed = channels(colour).map((value, index) => Math.round(value + ((ends[index] ?? 0) - value) * share))
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const part = value / 255
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
