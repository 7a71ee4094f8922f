/** An attribute with its value; `true` for one that is simply there. */
export type Attributes = ReadonlyMap<string, string | true>;

type Piece = readonly [kind: 'tag' | 'name' | 'value' | '', text: string];

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

function tag(name: string, attributes: Attributes): Piece[] {
  const inside = [...attributes].flatMap(([key, value]): Piece[] => [
    ['', ' '],
    ['name', key],
    ...(value === true ? [] : [['', '='] as const, ['value', `"${escaped(value)}"`] as const]),
  ]);
  return [['tag', `<${name}`], ...inside, ['tag', `></${name}>`]];
}

/** The lines that a page needs for a call, as pieces for colouring. */
function embedCode(attributes: Attributes): readonly Piece[] {
  const script = new Map<string, string | true>([
    ['type', 'module'],
    ['src', new URL('./video-call.js', location.href).href],
  ]);
  return [...tag('script', script), ['', '\n'], ...tag('video-call', attributes)];
}

/** Writes the embed code into an element: as text, coloured by classes. */
export function showEmbedCode(target: Element, attributes: Attributes): void {
  target.replaceChildren(
    ...embedCode(attributes).map(([kind, text]) => {
      if (kind === '') return text;
      const span = document.createElement('span');
      span.className = `code-${kind}`;
      span.textContent = text;
      return span;
    }),
  );
}
