/** The shop's shelf: a picture, drawn here so that no file has to be fetched. */
export function Shelf() {
  return (
    <svg class="shelf" viewBox="0 0 480 340" role="presentation" aria-hidden="true" focusable="false">
      <rect class="wall" width="480" height="340" rx="28" />
      <circle class="sun" cx="372" cy="92" r="58" />
      <rect class="board" x="36" y="170" width="408" height="10" rx="5" />
      <rect class="board" x="36" y="296" width="408" height="10" rx="5" />
      <Tin x={62} y={92} tone="green" />
      <Tin x={126} y={80} tone="clay" tall />
      <Tin x={190} y={92} tone="gold" />
      <Plant />
      <Teapot />
      <Cup x={252} />
      <Tin x={332} y={218} tone="gold" />
      <Tin x={392} y={218} tone="green" />
    </svg>
  )
}

function Tin({ x, y, tone, tall = false }: { x: number; y: number; tone: string; tall?: boolean }) {
  const height = tall ? 90 : 78
  return (
    <g class={`tin ${tone}`}>
      <rect x={x} y={y + 8} width="48" height={height - 8} rx="6" />
      <rect class="lid" x={x - 2} y={y} width="52" height="14" rx="5" />
      <rect class="label" x={x + 9} y={y + 30} width="30" height="28" rx="3" />
      <path class="mark" d={`M${x + 24} ${y + 36}c7 4 7 12 0 16c-7-4-7-12 0-16z`} />
    </g>
  )
}

function Plant() {
  return (
    <g>
      <path class="leaf" d="M340 134c-2-26-22-38-34-38c2 22 14 36 34 38zM340 134c2-34 24-50 42-52c0 28-16 48-42 52z" />
      <path class="pot" d="M318 132h44l-6 38h-32z" />
    </g>
  )
}

function Teapot() {
  return (
    <g class="teapot">
      <path class="handle" d="M180 228c30-8 38 40 2 44" />
      <path d="M92 244c-16-2-22-20-34-24c4 20 10 44 34 50z" />
      <path d="M84 296c-10-12-14-26-12-40c4-26 28-38 58-38s54 12 58 38c2 14-2 28-12 40z" />
      <path class="lid" d="M98 222c6-16 58-16 64 0z" />
      <circle class="lid" cx="130" cy="204" r="8" />
      <path class="shine" d="M92 252c2-12 10-18 22-20" />
    </g>
  )
}

function Cup({ x }: { x: number }) {
  return (
    <g class="cup" transform={`translate(${x} 0)`}>
      <path class="handle" d="M50 258c20-4 20 24-4 24" />
      <path d="M0 250h52v18c0 16-10 28-26 28s-26-12-26-28z" />
      <path class="steam" d="M16 238c-8-10 8-14 0-26M34 238c-8-10 8-14 0-26" />
    </g>
  )
}
