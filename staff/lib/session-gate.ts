/**
 * When a session ends in the middle of work, every failed call waits here until the person has signed in again over
 * the page. Nothing is unmounted, so nothing typed is lost; the waiting calls then repeat with their own keys.
 */
type Waiting = { promise: Promise<void>; open: () => void };

let waiting: Waiting | null = null;
let focusBefore: Element | null = null;
const listeners = new Set<() => void>();

/** Fired at the element that had the focus; whoever knows better how to get it back (the editor) cancels it. */
export const resumeFocus = 'huisheng:resume-focus';

function announce(): void {
  for (const listener of listeners) listener();
}

/** Resolves once somebody has signed in again. All callers share one dialog. */
export function signedInAgain(): Promise<void> {
  if (waiting) return waiting.promise;
  let open = () => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  waiting = { promise, open };
  focusBefore = document.activeElement;
  announce();
  return promise;
}

export function letThrough(): void {
  const held = waiting;
  waiting = null;
  announce();
  held?.open();
}

export function isSignInNeeded(): boolean {
  return waiting !== null;
}

export function onGateChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Call when the dialog has left the screen: before that it would take the focus back. */
export function returnFocus(): void {
  const element = focusBefore;
  focusBefore = null;
  if (!(element instanceof HTMLElement) || !element.isConnected) return;
  const untaken = element.dispatchEvent(new CustomEvent(resumeFocus, { cancelable: true }));
  if (untaken) element.focus();
}
