/** What a frame takes when there is little to draw, in milliseconds. */
const FRAME_MS = 24;

/** A drawing that took long is followed by a rest this many times as long, so that typing always finds time. */
const REST = 3;
const REST_MAX_MS = 1_000;

export interface Paced {
  /** Wants a drawing soon. */
  ask: () => void;
  stop: () => void;
}

/** Draws when asked, at most once a frame, and the more rarely the longer it takes. The last asking is always drawn. */
export function paced(draw: () => void): Paced {
  let wanted = false;
  let busy = false;
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function begin() {
    busy = true;
    frame = requestAnimationFrame((began) => {
      wanted = false;
      draw();
      frame = requestAnimationFrame((ended) => {
        const rest = Math.min(REST_MAX_MS, Math.max(0, ended - began - FRAME_MS) * REST);
        timer = setTimeout(() => {
          busy = false;
          if (wanted) begin();
        }, rest);
      });
    });
  }
  return {
    ask() {
      wanted = true;
      if (!busy) begin();
    },
    stop() {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    },
  };
}
