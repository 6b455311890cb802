// What the portal's scripts find in its own pages: elements of HTML that the templates put there. Which of them has a
// `value` or a `content` the template says, and the tests that click through it.

interface Shown extends HTMLElement {
  value: string;
  content: DocumentFragment;
  selectedOptions: HTMLCollectionOf<HTMLOptionElement>;
  open: boolean;
}

interface ParentNode {
  querySelector(selectors: string): any;
  querySelectorAll(selectors: string): NodeListOf<Shown>;
}

interface Element {
  closest(selectors: string): any;
  readonly children: HTMLCollectionOf<Shown>;
}

interface EventTarget {
  closest(selectors: string): any;
  readonly dataset: DOMStringMap;
}

interface Event {
  // EIP-6963: eip6963:announceProvider
  readonly detail: any;
}

interface Window {
  // EIP-1193
  readonly ethereum?: any;
}
