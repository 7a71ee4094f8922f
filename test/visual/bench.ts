import { DEFAULT_OPTIONS } from '../../src/elements/options.ts';
import '../../src/elements/view.ts';
import { SCENARIOS } from './scenarios.ts';

let shown: HTMLElementTagNameMap['video-call-view'] | undefined;

function clear(): void {
  if (shown?.state)
    for (const { stream, screenStream } of [shown.state.local, ...shown.state.remote])
      for (const track of [...stream.getTracks(), ...(screenStream?.getTracks() ?? [])])
        track.stop();
  document.body.replaceChildren();
}

/** `#two,dark` shows one state of the view in the whole window; without it, the list of them. */
function show(): void {
  clear();
  const [name = '', theme] = location.hash.slice(1).split(',');
  const scenario = SCENARIOS[name];
  if (!scenario) {
    for (const name of Object.keys(SCENARIOS)) {
      const link = document.createElement('a');
      link.href = `#${name}`;
      link.textContent = name;
      document.body.append(link, ' ');
    }
    return;
  }
  const view = document.createElement('video-call-view');
  view.options = {
    ...DEFAULT_OPTIONS,
    theme: theme === 'dark' || theme === 'light' ? theme : 'auto',
    ...scenario.options,
  };
  view.state = scenario.state();
  view.level = () => 0.35 + 0.3 * Math.abs(Math.sin(Date.now() / 400));
  document.body.append(view);
  shown = view;
  if (scenario.press) setTimeout(scenario.press, 300, view);
}

addEventListener('hashchange', show);
show();
