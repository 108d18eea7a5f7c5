import { type ReactNode, type RefObject, startTransition, useEffect, useRef, useState } from 'react';

/** How far from what is seen messages are still drawn, in pixels. */
const NEAR_PX = 1_500;

/**
 * A part of a long conversation. Far from what is seen it is an empty space as high as it was, so that a conversation of
 * thousands of messages is as light as a short one. It stays while the keyboard's focus is in it, and the
 * newest always does: an answer may be growing there. What is not wanted at once is drawn bit by bit, between frames.
 */
export function Chunk({ frame, always, atOnce, children }: { frame: RefObject<HTMLElement | null>; always: boolean; atOnce: boolean; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState<number>();
  const [begun, setBegun] = useState(atOnce);
  useEffect(() => startTransition(() => setBegun(true)), []);
  useEffect(() => {
    const element = box.current;
    if (element === null || always || !begun) return;
    const seen = new IntersectionObserver(
      ([entry]) => {
        if (entry === undefined) return;
        if (entry.isIntersecting) startTransition(() => setHeight(undefined));
        else if (!element.contains(document.activeElement)) setHeight((now) => now ?? entry.boundingClientRect.height);
      },
      { root: frame.current, rootMargin: `${NEAR_PX}px 0px` },
    );
    seen.observe(element);
    return () => seen.disconnect();
  }, [frame, always, begun]);
  const drawn = always || (begun && height === undefined);
  return (
    <div ref={box} className="chunk" style={drawn || height === undefined ? undefined : { blockSize: height }}>
      {drawn && children}
    </div>
  );
}
