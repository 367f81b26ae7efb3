/** Regions whose speakers have short names for their zones. */
const LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-NZ', 'en-ZA', 'en-IN', 'ja-JP', 'ko-KR', 'zh-CN', 'he-IL'];
/** Made once for each use: they are slow to make. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** The zone of this machine, as the variable TZ or the system sets it. */
export const LOCAL_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Minutes east of UTC at an instant. */
export function zoneOffset(zone: string, instant: Date): number {
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(zoneText(zone, 'en-US', 'longOffset', instant)) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** The short name of a zone at an instant, such as CEST; its offset where it has none, as in tzdata. */
export function zoneName(zone: string, instant: Date): string {
  const offset = zoneOffset(zone, instant);
  for (const locale of LOCALES) {
    const name = zoneText(zone, locale, 'short', instant);
    if (/^[A-Z]{3,5}$/.test(name) && (name !== 'GMT' || offset === 0)) return name;
  }
  const minutes = Math.abs(offset);
  const two = (value: number) => String(value).padStart(2, '0');
  const rest = minutes % 60 === 0 ? '' : two(minutes % 60);
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${rest}`;
}

function zoneText(zone: string, locale: string, timeZoneName: 'short' | 'longOffset', instant: Date): string {
  const key = `${timeZoneName} ${locale} ${zone}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName });
    formats.set(key, format);
  }
  return format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
