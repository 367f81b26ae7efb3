import { formatTime, formatTimeGo, SECOND, type TimeValue } from '@supercap/data-model';
import { LocalTime } from './value';
import { zoneName, zoneOffset } from './time-zone';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const DAY_MS = 86_400_000;

const MINUTE_MS = 60_000;

/** A time in its parts, in UTC or, where it is a local one, in its zone. */
export class Calendar {
  /** Since the Unix epoch. */
  readonly seconds: bigint;
  readonly nanosecond: number;
  /** Minutes east of UTC. */
  readonly offset: number;
  readonly zoneName: string;
  /** Its parts in UTC are those of the zone. */
  private readonly date: Date;

  constructor(time: TimeValue) {
    const { ns } = time;
    const rest = ns % SECOND;
    this.seconds = (ns - rest) / SECOND - (rest < 0n ? 1n : 0n);
    this.nanosecond = Number(rest < 0n ? rest + SECOND : rest);
    const instant = new Date(Number(this.seconds) * 1000);
    const zone = time instanceof LocalTime ? time.zone : undefined;
    this.offset = zone === undefined ? 0 : zoneOffset(zone, instant);
    this.zoneName = zone === undefined ? 'UTC' : zoneName(zone, instant);
    this.date = new Date(instant.getTime() + this.offset * MINUTE_MS);
  }

  get year(): number {
    return this.date.getUTCFullYear();
  }

  /** 1 to 12. */
  get month(): number {
    return this.date.getUTCMonth() + 1;
  }

  get monthName(): string {
    return MONTHS[this.month - 1]!;
  }

  get day(): number {
    return this.date.getUTCDate();
  }

  /** 1 to 366. */
  get yearDay(): number {
    const { date } = this;
    return Math.floor((date.getTime() - new Date(date).setUTCMonth(0, 1)) / DAY_MS) + 1;
  }

  /** Sunday is 0. */
  get weekday(): number {
    return this.date.getUTCDay();
  }

  get weekdayName(): string {
    return DAYS[this.weekday]!;
  }

  get hour(): number {
    return this.date.getUTCHours();
  }

  get minute(): number {
    return this.date.getUTCMinutes();
  }

  get second(): number {
    return this.date.getUTCSeconds();
  }
}

// Longer elements first: `January` before `Jan`, `2006` before `2`. `Jan` and `Mon` stop before a lower-case letter.
const ELEMENT =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|Z070000|Z07:00:00|Z0700|Z07:00|Z07|-070000|-07:00:00|-0700|-07:00|-07|002|__2|_2006|_2|01|02|03|04|05|06|[.,]0+(?!\d)|[.,]9+(?!\d)|15|PM|pm|[1-5]/g;

const two = (value: number) => String(value).padStart(2, '0');

/** Go's Time.Format. */
export function formatLayout(time: TimeValue, layout: string): string {
  const calendar = new Calendar(time);
  return layout.replace(ELEMENT, (element) => elementText(calendar, element));
}

function elementText(t: Calendar, element: string): string {
  const hour12 = t.hour % 12 === 0 ? 12 : t.hour % 12;
  switch (element) {
    case 'January':
      return t.monthName;
    case 'Jan':
      return t.monthName.slice(0, 3);
    case '1':
      return String(t.month);
    case '01':
      return two(t.month);
    case 'Monday':
      return t.weekdayName;
    case 'Mon':
      return t.weekdayName.slice(0, 3);
    case '2':
      return String(t.day);
    case '_2':
      return String(t.day).padStart(2);
    case '02':
      return two(t.day);
    case '__2':
      return String(t.yearDay).padStart(3);
    case '002':
      return String(t.yearDay).padStart(3, '0');
    case '15':
      return two(t.hour);
    case '3':
      return String(hour12);
    case '03':
      return two(hour12);
    case '4':
      return String(t.minute);
    case '04':
      return two(t.minute);
    case '5':
      return String(t.second);
    case '05':
      return two(t.second);
    case '2006':
      return String(t.year).padStart(4, '0');
    case '_2006':
      return `_${String(t.year).padStart(4, '0')}`;
    case '06':
      return two(t.year % 100);
    case 'PM':
      return t.hour >= 12 ? 'PM' : 'AM';
    case 'pm':
      return t.hour >= 12 ? 'pm' : 'am';
    case 'MST':
      return t.zoneName;
    default:
      return element[0] === '.' || element[0] === ',' ? fraction(t.nanosecond, element) : zone(t.offset, element);
  }
}

/** `.000` keeps its zeros, `.999` drops those at the end, and the point with the last. */
function fraction(nanosecond: number, element: string): string {
  const digits = String(nanosecond)
    .padStart(9, '0')
    .padEnd(element.length - 1, '0')
    .slice(0, element.length - 1);
  if (element[1] === '0') return element[0] + digits;
  const trimmed = digits.replace(/0+$/, '');
  return trimmed === '' ? '' : element[0] + trimmed;
}

/** The offset as an element like `-07:00` or `Z0700` writes it. */
function zone(offset: number, element: string): string {
  if (offset === 0 && element[0] === 'Z') return 'Z';
  const minutes = Math.abs(offset);
  const parts = [two(Math.floor(minutes / 60)), two(minutes % 60), '00'];
  const digits = parts.slice(0, element.replace(/\D/g, '').length / 2);
  return (offset < 0 ? '-' : '+') + digits.join(element.includes(':') ? ':' : '');
}

/** Go's Time.String. */
export function timeText(time: TimeValue): string {
  if (!(time instanceof LocalTime)) return formatTimeGo(time.ns);
  return formatLayout(time, '2006-01-02 15:04:05.999999999 -0700 MST');
}

/** RFC 3339, as encoding/json writes a time. */
export function timeJson(time: TimeValue): string {
  if (!(time instanceof LocalTime)) return formatTime(time.ns);
  return formatLayout(time, '2006-01-02T15:04:05.999999999Z07:00');
}
