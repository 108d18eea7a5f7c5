const SHAPES = {
  plus: 'M12 5v14M5 12h14',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6L6 18',
  send: 'M12 19V5M6 11l6-6 6 6',
  stop: 'M7 7h10v10H7z',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  again: 'M4 12a8 8 0 1 1 2.5 5.800M4 19v-5h5',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  pin: 'M9 4h6l-1 6 3 3H7l3-3zM12 13v7',
  why: 'M9.500 9a2.500 2.500 0 1 1 3.500 2.300c-.8.400-1 1-1 1.900M12 17h.01M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z',
  chat: 'M4 5h16v11H9l-5 4z',
  status: 'M3 12h4l3-7 4 14 3-7h4',
  tasks: 'M5 6h.01M5 12h.01M5 18h.01M9 6h11M9 12h11M9 18h11',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2',
  dead: 'M12 8v5M12 16.500h.01M4 20h16L12 4z',
  models: 'M4 7l8-4 8 4-8 4zM4 12l8 4 8-4M4 17l8 4 8-4',
  agents: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c1-4 4-6 8-6s7 2 8 6',
  users: 'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM3 20c.600-3.500 2.800-5 6-5s5.400 1.500 6 5M16 4.500a3.500 3.500 0 0 1 0 6.500M17.500 15.500c2 .500 3.100 2 3.500 4.500',
  settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4',
  leave: 'M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4',
  down: 'M12 5v14M6 13l6 6 6-6',
  up: 'M12 19V5M6 11l6-6 6 6',
  left: 'M14 6l-6 6 6 6',
  right: 'M10 6l6 6-6 6',
  good: 'M7 11v9H4v-9zM7 11l4-7c1.500 0 2.500 1 2.500 2.500V10h5a1.800 1.800 0 0 1 1.800 2.200l-1.300 6a2 2 0 0 1-2 1.600H7',
  poor: 'M17 13V4h3v9zM17 13l-4 7c-1.500 0-2.500-1-2.500-2.500V14h-5a1.800 1.800 0 0 1-1.800-2.200l1.300-6A2 2 0 0 1 7 4.200h10',
  branch: 'M7 4v12M7 20a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17 8c0 5-10 3-10 8',
  keys: 'M4 7h16v10H4zM8 10.500h.01M12 10.500h.01M16 10.500h.01M8 14h8',
  check: 'M5 12.500l4.500 4.500L19 7',
  edit: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  archive: 'M4 5h16v4H4zM6 9v10h12V9M10 13h4',
} as const;

export type IconName = keyof typeof SHAPES;

/** A line drawing that says nothing by itself: what it stands beside, or its button's name, does. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={SHAPES[name]} />
    </svg>
  );
}
