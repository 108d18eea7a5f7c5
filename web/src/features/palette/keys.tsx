import { type Chord, chordText } from '../../lib/shortcuts';

export function Keys({ chord }: { chord: Chord }) {
  return (
    <span className="keys">
      {chordText(chord).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
