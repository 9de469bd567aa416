/** Single line drawings on a grid of 24, in the colour of the text around them. */
const PATHS = {
  desk: 'M4 5h16v10H9l-5 4zM8.5 9h7M8.5 12h4',
  search: 'M10.5 4.500a6 6 0 1 1 0 12 6 6 0 0 1 0-12M15 15l5 5',
  chart: 'M4 20V4M4 20h16M8.5 16v-4M13 16V8M17.5 16v-6',
  quick: 'M13 3 5 14h6l-1 7 8-11h-6z',
  people:
    'M9 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6M3 19c.5-3.5 3-5 6-5s5.5 1.5 6 5M15.5 5.200a3 3 0 0 1 0 5.600M17.5 14.300c2 .7 3.2 2.2 3.5 4.7',
  person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8M4.5 20c.7-4 3.5-5.5 7.5-5.500s6.8 1.5 7.5 5.5',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.500a2.2 2.2 0 0 0 4 0',
  bellOff:
    'M6 16V11c0-.8.2-1.6.5-2.300M9 5.800A6 6 0 0 1 18 11v3.500M16.5 18h-12L6 16M10 20.500a2.2 2.2 0 0 0 4 0M4 4l16 16',
  help: 'M12 3.500a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17M9.5 9.500a2.5 2.5 0 1 1 3.6 2.200c-.8.4-1.1.9-1.1 1.800M12 16.700v.1',
  send: 'M4.5 12 20 4.5 15.5 20l-3.7-6.300zM11.8 13.7 20 4.5',
  note: 'M5 4h14v10l-5 6H5zM19 14h-5v6M8.5 8.500h7M8.5 12h4',
  transfer: 'M4 8h14l-4-4M20 16H6l4 4',
  robot: 'M6 9h12v9H6zM12 9V5M12 5h.1M9.5 13h.1M14.5 13h.1M3.5 12v3M20.5 12v3M10 15.800h4',
  check: 'M5 12.5 10 17.5 19.5 7',
  checks: 'M2.5 12.5 7 17 15 8M11 15.500l1.5 1.5 9-9',
  clock: 'M12 3.500a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17M12 7.500V12l3 2',
  alert: 'M12 4 21 19.500H3zM12 10v4M12 16.700v.1',
  down: 'M12 5v14M6 13l6 6 6-6',
  chevron: 'M7 10l5 5 5-5',
  more: 'M6 12h.1M12 12h.1M18 12h.1',
  download: 'M12 4v11M7 11l5 5 5-5M4.5 20h15',
  filter: 'M4 6h16M7 12h10M10 18h4',
  gift: 'M4 9h16v4H4zM5.5 13v7h13v-7M12 9v11M12 9C9 9 7 8 7 6.200S9.5 3.5 12 9c2.5-5.5 5-4.6 5-2.800S15 9 12 9',
  spark: 'M12 3.5 13.8 10 20.5 12l-6.7 2-1.8 6.500L10.2 14 3.5 12l6.7-2z',
  plus: 'M12 5v14M5 12h14',
  edit: 'M4.5 19.5 5.5 15 16 4.500l3.5 3.500L9 18.500zM13.5 7l3.5 3.5',
  trash: 'M5 7h14M9.5 7V4.500h5V7M7 7l1 13h8l1-13',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  out: 'M14 5H5v14h9M10 12h11M17 8l4 4-4 4',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  close: 'M6 6l12 12M18 6 6 18',
} as const

export type IconName = keyof typeof PATHS

/** An icon beside words, or within a button that has a name of its own. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
