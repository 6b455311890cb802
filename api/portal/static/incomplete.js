// What the composer says of a form that is no agreement yet, and the field that it is about.

export class Incomplete extends Error {
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}
