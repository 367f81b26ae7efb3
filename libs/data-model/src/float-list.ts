/**
 * A list of `size` floats to be overwritten. It has exactly the room that it needs and holds bare doubles: a list that
 * grows by `push` takes room for seventeen, and one of `new Array` has to ask for holes at every look.
 */
export function floatList(size: number): number[] {
  switch (size) {
    case 1:
      return [0.5];
    case 2:
      return [0.5, 0.5];
    case 3:
      return [0.5, 0.5, 0.5];
    case 4:
      return [0.5, 0.5, 0.5, 0.5];
    case 5:
      return [0.5, 0.5, 0.5, 0.5, 0.5];
    case 6:
      return [0.5, 0.5, 0.5, 0.5, 0.5, 0.5];
    case 7:
      return [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];
    case 8:
      return [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];
    default:
      return new Array<number>(size).fill(0.5);
  }
}
