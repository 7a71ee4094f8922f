import { noChange } from 'lit';
import { Directive, directive, type AttributePart } from 'lit/directive.js';

type Values = Readonly<Record<string, string>>;

/**
 * For `style=${setStyle({ … })}`. Lit's `styleMap` writes the attribute the first time, which a page's
 * Content-Security-Policy forbids (style-src-attr); this one sets each property by script. The names stay the same.
 */
class SetStyle extends Directive {
  override render(_values: Values): typeof noChange {
    return noChange;
  }

  override update(part: AttributePart, [values]: [Values]): typeof noChange {
    const { style } = part.element;
    for (const [name, value] of Object.entries(values)) style.setProperty(name, value);
    return noChange;
  }
}
export const setStyle = directive(SetStyle);
