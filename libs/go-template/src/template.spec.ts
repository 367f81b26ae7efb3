import { DurationValue, Tags, TimeValue } from '@supercap/data-model';
import { describe, expect, it } from 'vitest';
import { TemplateError } from './error';
import { parseTemplate } from './template';
import { LocalTime, NamedValue, struct, type TemplateValue } from './value';

const info = struct('kapacitor.messageInfo', {
  Name: 'cpu',
  ID: 'cpu:host=a',
  Tags: Tags.from({ host: 'a', dc: 'x' }),
  Fields: { v: 1.5, n: 42n, s: 'txt', b: true },
  Level: 'CRITICAL',
  Time: new TimeValue(1_500_000_003_250_000_000n),
  Duration: new DurationValue(61_500_000_000n),
  ServerInfo: struct('kapacitor.serverInfo', { Hostname: 'h1' }),
  List: ['a', 'b', 'c'],
  Nothing: null,
  Severity: new NamedValue('alert.Level', 3n, 'CRITICAL'),
});

const execute = (text: string, data: TemplateValue = info) => parseTemplate('message', text).execute(data);

function errorOf(text: string): string {
  try {
    execute(text);
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
  throw new Error(`no error in ${text}`);
}

describe('a template', () => {
  it.each([
    ['text only', 'text only'],
    ['{{ .Name }}|{{.Level}}|{{ .Time }}|{{ .Duration }}', 'cpu|CRITICAL|2017-07-14 02:40:03.25 +0000 UTC|1m1.5s'],
    ['{{ .ServerInfo.Hostname }} {{ .Tags.host }} {{ .Fields.v }} {{ (.ServerInfo).Hostname }}', 'h1 a 1.5 h1'],
    ['{{ .Tags }} {{ .Fields }} {{ .List }}', 'map[dc:x host:a] map[b:true n:42 s:txt v:1.5] [a b c]'],
    ['{{ index .Tags "host" }} {{ index .Fields "n" }} {{ index .List 1 }} {{ index "abc" 1 }}', 'a 42 b 98'],
    [
      '[{{ index .Fields "zz" }}] [{{ index .Tags "zz" }}] [{{ .Fields.zz }}] [{{ .Tags.zz }}] [{{ .Tags.zz.y }}]',
      '[<no value>] [] [<no value>] [<no value>] [<no value>]',
    ],
    ['a   {{- " b " -}}   c {{- /* note */ -}} d{{/* x */}}e', 'a b cde'],
    [
      '{{ `a"b` }} {{ "tab\\there\\u00e9\\x41" }} {{ 0x1F }} {{ 1.5e2 }} {{ \'a\' }} {{ -3 }} {{ 1_000 }}',
      'a"b tab\thereéA 31 150 97 -3 1000',
    ],
    ['{{ index .Fields "v" | printf "%.1f" | printf "%s!" }} {{ .Name | len }}', '1.5! 3'],
    ['{{ printf "%s is %.1f%%" (index .Tags "host") .Fields.v }}', 'a is 1.5%'],
    ['{{ print 1 2 "a" "b" 3 }}{{ println "x" 1 }}{{ len .Tags }}{{ len "né" }}', '1 2ab3x 1\n23'],
    [
      '{{ html "<a & \\"b\\">" }} {{ js "it\'s <b>" }} {{ urlquery "a b&c=d/é" }}',
      "&lt;a &amp; &#34;b&#34;&gt; it\\'s \\u003Cb\\u003E a+b%26c%3Dd%2F%C3%A9",
    ],
    ['{{ slice "abcdef" 1 3 }}{{ slice "abc" 1 }}{{ slice .List 1 }}', 'bcbc[b c]'],
    ['{{ .Time.Format "Jan _2, 06 3:04PM MST Mon Monday -0700 Z07:00" }}', 'Jul 14, 17 2:40AM UTC Fri Friday +0000 Z'],
    ['{{ .Time.Format "2006-01-02T15:04:05.000 .999 002" }}', '2017-07-14T02:40:03.250 .25 195'],
    [
      '{{ .Time.Unix }} {{ .Time.UTC.Hour }} {{ .Time.Weekday }} {{ .Time.Month }} {{ .Time.YearDay }} {{ printf "%d" .Time.Month }}',
      '1500000003 2 Friday July 195 7',
    ],
    [
      '{{ .Duration.Seconds }} {{ .Duration.Minutes }} {{ .Duration.String }} {{ (.Duration.Round 1000000000).Seconds }}',
      '61.5 1.025 1m1.5s 62',
    ],
    ['{{ .Severity }} {{ printf "%d" .Severity }} {{ if eq .Severity 3 }}yes{{ end }}', 'CRITICAL 3 yes'],
  ])('prints %s as %s', (text, expected) => {
    expect(execute(text)).toBe(expected);
  });

  it.each([
    ['{{ if index .Fields "b" }}on{{ else }}off{{ end }}', 'on'],
    ['{{ if lt .Fields.v 1.0 }}a{{ else if lt .Fields.v 2.0 }}b{{ else }}c{{ end }}', 'b'],
    ['{{ if and (eq .Name "cpu") (not (eq .Level "OK")) }}a{{ end }}{{ and 1 0 }}{{ or 0 "z" }}{{ not 0 }}', 'a0ztrue'],
    ['{{ if or true (index .List 99) }}stops{{ end }}', 'stops'],
    [
      '{{ eq .Name "a" "b" "cpu" }} {{ ne 1 2 }} {{ le 1 1 }} {{ gt "b" "a" }} {{ ge 1.5 1.5 }} {{ eq .Nothing nil }}',
      'true true true true true true',
    ],
    ['{{ range $k, $v := .Tags }}{{ $k }}={{ $v }};{{ end }}', 'dc=x;host=a;'],
    ['{{ range $i, $e := .List }}{{ $i }}{{ $e }}{{ end }}{{ range $x := .List }}{{ $x }}{{ end }}', '0a1b2cabc'],
    ['{{ range .Nothing }}x{{ else }}none{{ end }}', 'none'],
    [
      '{{ range .List }}{{ if eq . "b" }}{{ continue }}{{ end }}{{ . }}{{ if eq . "c" }}{{ break }}{{ end }}{{ end }}',
      'ac',
    ],
    [
      '{{ with $h := index .Tags "host" }}{{ $h }}/{{ . }}/{{ $.Name }}{{ end }}{{ with .Nothing }}x{{ else }}y{{ end }}',
      'a/a/cpuy',
    ],
    ['{{ $x := "a" }}{{ if true }}{{ $x = "b" }}{{ $x := "c" }}{{ end }}{{ $x }}', 'b'],
    [
      '{{ define "t" }}<{{ . }}{{ $ }}>{{ end }}{{ template "t" .Name }}{{ block "u" .Level }}[{{ . }}]{{ end }}',
      '<cpucpu>[CRITICAL]',
    ],
    ['{{ if true }}{{/* nothing */}}{{ end }}', ''],
    ['{{ if eq (index .Fields "nope") "x" }}a{{ else }}b{{ end }}', 'b'],
    ['{{ eq "x" .Fields.nope }} {{ ne .Fields.nope 1 }} {{ eq .Fields.nope .Fields.none }}', 'false true true'],
    ['{{ eq .Nothing .Tags }} {{ eq .Nothing 0 "a" true }} {{ eq .Time .Nothing .Time }}', 'false false true'],
  ])('runs %s to %s', (text, expected) => {
    expect(execute(text)).toBe(expected);
  });
});

describe('a struct in another', () => {
  const inner = struct('k.idInfo', { Name: 'cpu', Tags: Tags.from({ host: 'a' }) });
  const outer = struct('k.messageInfo', { ID: 'i' }, { embedded: inner });

  it('prints in braces of its own, and has its fields in the other', () => {
    const text = '{{ .Name }} {{ .ID }} {{ . }} {{ printf "%+v %#v" . . }}';
    expect(execute(text, outer)).toBe(
      'cpu i {{cpu map[host:a]} i} {idInfo:{Name:cpu Tags:map[host:a]} ID:i} ' +
        'k.messageInfo{idInfo:k.idInfo{Name:"cpu", Tags:map[string]string{"host":"a"}}, ID:"i"}',
    );
    expect(parseTemplate('m', '{{ jsonCompact . }}', { json: true }).execute(outer)).toBe(
      '{"Name":"cpu","Tags":{"host":"a"},"ID":"i"}',
    );
  });

  it('is the text that its String method gives', () => {
    const result = struct('k.Result', { Series: ['s'] }, { text: () => '{"series":[]}' });
    expect(execute('{{ .R }} {{ .R.String }} {{ printf "%s|%q" .R .R }}', { R: result })).toBe(
      '{"series":[]} {"series":[]} {"series":[]}|"{\\"series\\":[]}"',
    );
  });
});

describe('a local time', () => {
  const at = (zone: string) => ({ Local: new LocalTime(1_500_000_003_250_000_000n, zone) });

  it.each([
    ['UTC', '2017-07-14 02:40:03.25 +0000 UTC', 'Fri 02:40 UTC +00:00 Z'],
    ['Europe/Berlin', '2017-07-14 04:40:03.25 +0200 CEST', 'Fri 04:40 CEST +02:00 +0200'],
    ['America/New_York', '2017-07-13 22:40:03.25 -0400 EDT', 'Thu 22:40 EDT -04:00 -0400'],
    ['Asia/Kolkata', '2017-07-14 08:10:03.25 +0530 IST', 'Fri 08:10 IST +05:30 +0530'],
    ['America/Sao_Paulo', '2017-07-13 23:40:03.25 -0300 -03', 'Thu 23:40 -03 -03:00 -0300'],
    ['Asia/Kathmandu', '2017-07-14 08:25:03.25 +0545 +0545', 'Fri 08:25 +0545 +05:45 +0545'],
    ['Asia/Tokyo', '2017-07-14 11:40:03.25 +0900 JST', 'Fri 11:40 JST +09:00 +0900'],
  ])('in %s is %s', (zone, text, formatted) => {
    expect(execute('{{ .Local }}', at(zone))).toBe(text);
    expect(execute('{{ .Local.Format "Mon 15:04 MST -07:00 Z0700" }}', at(zone))).toBe(formatted);
    expect(execute('{{ .Local.UTC }} {{ .Local.Location }} {{ .Local.Unix }}', at(zone))).toBe(
      '2017-07-14 02:40:03.25 +0000 UTC Local 1500000003',
    );
  });

  it('keeps its zone when it is moved, and is the same instant', () => {
    const data = { ...at('Europe/Berlin'), Time: new TimeValue(1_500_000_003_250_000_000n) };
    expect(execute('{{ .Local.Add 3600000000000 }}', data)).toBe('2017-07-14 05:40:03.25 +0200 CEST');
    expect(execute('{{ (.Local.Truncate 60000000000).Hour }} {{ eq .Time .Local }}', data)).toBe('4 true');
    const json = parseTemplate('m', '{{ jsonCompact .Local }}', { json: true }).execute(data);
    expect(json).toBe('"2017-07-14T04:40:03.25+02:00"');
  });

  it('is in the zone of this machine', () => {
    const { Local } = at(Intl.DateTimeFormat().resolvedOptions().timeZone);
    expect(execute('{{ .Time.Local }}')).toBe(execute('{{ .Local }}', { Local }));
    expect(execute('{{ .Time.Local.Location }}')).toBe('Local');
  });
});

describe('a parse error', () => {
  it.each([
    ['{{ .Name', 'message:1: unclosed action'],
    ['{{ if .Name }}', 'message:1: unexpected EOF'],
    ['a\n{{ if .Name }}\n', 'message:3: unexpected EOF'],
    ['{{ upper .Name }}', 'message:1: function "upper" not defined'],
    ['{{ json .Tags }}', 'message:1: function "json" not defined'],
    ['{{ end }}', 'message:1: unexpected {{end}}'],
    ['x\n{{ else }}', 'message:2: unexpected {{else}}'],
    ['{{ if }}x{{ end }}', 'message:1: missing value for if'],
    ['{{ }}', 'message:1: missing value for command'],
    ['{{ $x }}', 'message:1: undefined variable "$x"'],
    ['{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}', 'message:1: undefined variable "$x"'],
    ['{{ "abc }}', 'message:1: unterminated quoted string'],
    ['{{ (1 }}', 'message:1: unclosed left paren'],
    ['{{ 1 ) }}', "message:1: unexpected right paren U+0029 ')'"],
    ['{{ 12a }}', 'message:1: bad number syntax: "12a"'],
    ['{{ .x | 3 }}', 'message:1: non executable command in pipeline stage 2'],
    ['{{ "a".b }}', 'message:1: unexpected . after term "\\"a\\""'],
    ['{{ /* x }}', 'message:1: unexpected "/" in command'],
    ['{{/* x }}', 'message:1: unclosed comment'],
    ['{{ break }}', 'message:1: {{break}} outside {{range}}'],
    ['{{ if true }}{{ define "x" }}{{ end }}{{ end }}', 'message:1: unexpected <define> in command'],
    ['{{ $a, $b := .x }}', 'message:1: too many declarations in command'],
  ])('of %s is %s', (text, message) => {
    expect(errorOf(text)).toBe(`template: ${message}`);
  });
});

describe('an execution error', () => {
  it.each([
    ['{{ .Nope }}', '1:3: executing "message" at <.Nope>: can\'t evaluate field Nope in type kapacitor.messageInfo'],
    [
      'é\né{{ index .Nope "v" }}',
      '2:11: executing "message" at <.Nope>: can\'t evaluate field Nope in type kapacitor.messageInfo',
    ],
    [
      '{{ .ServerInfo.Nope }}',
      '1:14: executing "message" at <.ServerInfo.Nope>: can\'t evaluate field Nope in type kapacitor.serverInfo',
    ],
    ['{{ .Name.Nope }}', '1:8: executing "message" at <.Name.Nope>: can\'t evaluate field Nope in type string'],
    [
      '{{ .Fields.v.Nope }}',
      '1:10: executing "message" at <.Fields.v.Nope>: can\'t evaluate field Nope in type interface {}',
    ],
    [
      '{{ if gt (index .Fields "v") 50 }}x{{ end }}',
      '1:6: executing "message" at <gt (index .Fields "v") 50>: error calling gt: incompatible types for comparison',
    ],
    [
      '{{ lt true false }}',
      '1:3: executing "message" at <lt true false>: error calling lt: invalid type for comparison',
    ],
    [
      '{{ eq .Tags .Fields }}',
      '1:3: executing "message" at <eq .Tags .Fields>: error calling eq: non-comparable type map[b:%!s(bool=true) n:%!s(int64=42) s:txt v:%!s(float64=1.5)]: map[string]interface {}',
    ],
    [
      '{{ lt (index .Fields "nope") 1 }}',
      '1:3: executing "message" at <lt (index .Fields "nope") 1>: error calling lt: invalid type for comparison',
    ],
    ['{{ eq .Name }}', '1:3: executing "message" at <eq .Name>: error calling eq: missing argument for comparison'],
    ['{{ len 3 }}', '1:3: executing "message" at <len 3>: error calling len: len of type int'],
    ['{{ len }}', '1:3: executing "message" at <len>: wrong number of args for len: want 1 got 0'],
    ['{{ index }}', '1:3: executing "message" at <index>: wrong number of args for index: want at least 1 got 0'],
    ['{{ index .List 9 }}', '1:3: executing "message" at <index .List 9>: error calling index: index out of range: 9'],
    [
      '{{ index .Tags 1 }}',
      '1:3: executing "message" at <index .Tags 1>: error calling index: value has type int; should be string',
    ],
    ['{{ printf 1 }}', '1:10: executing "message" at <1>: expected string; found 1'],
    [
      '{{ printf .Fields.n }}',
      '1:17: executing "message" at <.Fields.n>: wrong type for value; expected string; got int64',
    ],
    ['{{ range .Name }}{{ end }}', '1:9: executing "message" at <.Name>: range can\'t iterate over cpu'],
    ['{{ .Name 1 }}', '1:3: executing "message" at <.Name>: Name has arguments but cannot be invoked as function'],
    ['{{ .Tags.host 1 }}', '1:8: executing "message" at <.Tags.host>: host is not a method but has arguments'],
    ['{{ 1 2 }}', '1:3: executing "message" at <1>: can\'t give argument to non-function 1'],
    ['{{ nil }}', '1:3: executing "message" at <nil>: nil is not a command'],
    ['{{ .Time.Format }}', '1:8: executing "message" at <.Time.Format>: wrong number of args for Format: want 1 got 0'],
    ['{{ template "x" }}', '1:12: executing "message" at <{{template "x"}}>: template "x" not defined'],
    [
      '{{ define "t" }}{{ .Nope }}{{ end }}{{ template "t" . }}',
      '1:19: executing "t" at <.Nope>: can\'t evaluate field Nope in type kapacitor.messageInfo',
    ],
  ])('of %s is %s', (text, message) => {
    expect(errorOf(text)).toBe(`template: message:${message}`);
  });
});

describe('limits', () => {
  it('refuse blocks and parentheses that nest too deeply', () => {
    expect(errorOf(`${'{{ if true }}'.repeat(10_000)}`)).toContain('nest deeper than 500 levels');
    expect(errorOf(`{{ ${'('.repeat(100_000)}`)).toContain('nest deeper than 500 levels');
  });

  it('end templates that call themselves for ever', () => {
    expect(errorOf('{{ define "t" }}{{ template "t" }}{{ end }}{{ template "t" }}')).toContain(
      'exceeded maximum template depth (500)',
    );
    const deep = `{{ define "t" }}${'{{ if true }}'.repeat(499)}{{ template "t" }}${'{{ end }}'.repeat(500)}{{ template "t" }}`;
    expect(errorOf(deep)).toMatch(/nest too deeply|maximum template depth/);
  });

  it('end ranges within ranges that would take hours', () => {
    const list = Array.from({ length: 100 }, (_, i) => BigInt(i));
    const text = `${'{{ range $ }}'.repeat(10)}${'{{ end }}'.repeat(10)}`;
    expect(() => execute(text, list)).toThrow('more than 1000000 iterations');
  });

  it('bound what is printed and what is kept in variables', () => {
    const list = Array.from({ length: 100 }, () => 'x');
    expect(() => execute('{{ $x := "ab" }}{{ range . }}{{ $x = print $x $x }}{{ end }}', list)).toThrow(
      'error calling print: text is longer than 1048576 characters',
    );
    expect(() => execute('{{ range . }}{{ printf "%99999d" 1 }}{{ end }}', list)).toThrow(
      'output is longer than 1048576',
    );
  });
});
