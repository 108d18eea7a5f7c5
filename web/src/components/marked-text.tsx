/** A text with some of its parts marked; the parts are in order and apart. */
export function MarkedText({ text, marks }: { text: string; marks: readonly { from: number; to: number }[] }) {
  return (
    <>
      {marks.map(({ from, to }, i) => (
        <span key={from}>
          {text.slice(marks[i - 1]?.to ?? 0, from)}
          <mark>{text.slice(from, to)}</mark>
        </span>
      ))}
      {text.slice(marks.at(-1)?.to ?? 0)}
    </>
  );
}
