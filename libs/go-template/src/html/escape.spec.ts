import { DurationValue, TimeValue } from '@supercap/data-model';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../template';
import { struct } from '../value';

const data = struct('kapacitor.detailsInfo', {
  S: `<i>&'x' y"+`,
  URL: 'javascript:alert(1)',
  Link: 'http://x/a b?c=d&e',
  N: 42n,
  F: 1.5,
  Fields: { b: true, n: 42n, s: '</script>', v: 1.5 },
  Nothing: null,
  NaN: NaN,
  Time: new TimeValue(0n),
  Duration: new DurationValue(1_000_000_000n),
  Yes: true,
});

const execute = (text: string) => parseTemplate('details', text, { html: true }).execute(data);

describe('in an HTML template', () => {
  it.each([
    ['<b>{{ .S }}</b>', '<b>&lt;i&gt;&amp;&#39;x&#39; y&#34;&#43;</b>'],
    ['<p title="{{ .S }}">', '<p title="&lt;i&gt;&amp;&#39;x&#39; y&#34;&#43;">'],
    ["<p title='{{ .S }}'>", "<p title='&lt;i&gt;&amp;&#39;x&#39; y&#34;&#43;'>"],
    ['<p title={{ .S }}>', '<p title=&lt;i&gt;&amp;&#39;x&#39;&#32;y&#34;&#43;>'],
    [
      '<title>{{ .S }}</title>{{ .S }}',
      '<title>&lt;i&gt;&amp;&#39;x&#39; y&#34;&#43;</title>&lt;i&gt;&amp;&#39;x&#39; y&#34;&#43;',
    ],
    ['[{{ .Nothing }}][{{ index .Fields "zz" }}][{{ .Fields.zz }}]', '[][][]'],
    ['<a href="http://x/?q={{ .S }}">l</a>', '<a href="http://x/?q=%3ci%3e%26%27x%27%20y%22%2b">l</a>'],
    ['<a href="{{ .URL }}">', '<a href="#ZgotmplZ">'],
    ['<a href="{{ .Link }}">', '<a href="http://x/a%20b?c=d&amp;e">'],
    ['<a href="/p/{{ .S }}">', '<a href="/p/%3ci%3e&amp;%27x%27%20y%22&#43;">'],
    ['<input {{ .Nothing }}x>', '<input ZgotmplZx>'],
    ['<!-- a {{ .S }} -->b', 'b'],
    ['a < b <b>c</b> <!DOCTYPE html> 1<2', 'a &lt; b <b>c</b> <!DOCTYPE html> 1&lt;2'],
    ['<table><tr><td>a & b</td></tr></table>', '<table><tr><td>a & b</td></tr></table>'],
    ['{{ html .S }}{{ .S | html }}', '&lt;i&gt;&amp;&#39;x&#39; y&#34;+&lt;i&gt;&amp;&#39;x&#39; y&#34;+'],
    ['{{ $x := .S }}{{ $x }}', '&lt;i&gt;&amp;&#39;x&#39; y&#34;&#43;'],
    [
      '{{ json .Fields }}',
      '{&#34;b&#34;:true,&#34;n&#34;:42,&#34;s&#34;:&#34;\\u003c/script\\u003e&#34;,&#34;v&#34;:1.5}\n',
    ],
    ['{{ jsonCompact .N }}', '42'],
    ['<br/>{{ if .Yes }}<b>{{ else }}<i>{{ end }}x', '<br/><b>x'],
    ['{{ range .Fields }}<td>{{ . }}</td>{{ end }}', '<td>true</td><td>42</td><td>&lt;/script&gt;</td><td>1.5</td>'],
    [
      '{{ define "q" }}{{ . }}{{ end }}<p title="{{ template "q" .S }}">{{ template "q" .N }}',
      '<p title="&lt;i&gt;&amp;&#39;x&#39; y&#34;&#43;">42',
    ],
  ])('%s gives %s', (text, expected) => {
    expect(execute(text)).toBe(expected);
  });

  it.each([
    [
      '<script>var x = {{ json .Fields }};</script>',
      '<script>var x = {"b":true,"n":42,"s":"\\u003c/script\\u003e","v":1.5}\n;</script>',
    ],
    ['<script>var x = {{ .S }};</script>', `<script>var x = "\\u003ci\\u003e\\u0026'x' y\\"+";</script>`],
    [
      '<script>f({{ .N }}, {{ .F }}, {{ .Nothing }}, {{ .Time }}, {{ .Duration }})</script>',
      '<script>f( 42 ,  1.5 ,  null , "1970-01-01T00:00:00Z", "1s")</script>',
    ],
    ['<script>x = {{ .NaN }}</script>', '<script>x =  /* json: unsupported value: NaN */null </script>'],
    ['<script>x = "{{ .S }}"</script>', '<script>x = "\\u003ci\\u003e\\u0026\\u0027x\\u0027 y\\u0022\\u002b"</script>'],
    [
      '<script>/* c */x = 1 // d\ny = /{{ .S }}/</script>',
      '<script> x = 1 \ny = /\\u003ci\\u003e\\u0026\\u0027x\\u0027 y\\u0022\\u002b/</script>',
    ],
    ['<a onclick="f({{ .S }})">', '<a onclick="f(&#34;\\u003ci\\u003e\\u0026&#39;x&#39; y\\&#34;&#43;&#34;)">'],
    ['<p style="width: {{ .N }}px">', '<p style="width: 42px">'],
    ['<p style="color: {{ .S }}">', '<p style="color: ZgotmplZ">'],
    ['<style>a { background: url("{{ .URL }}") }</style>', '<style>a { background: url("#ZgotmplZ") }</style>'],
    ["<style>a { content: '{{ .N }}' }</style>", "<style>a { content: '42' }</style>"],
    [
      '<script type="text/plain">{{ .S }}</script>',
      '<script type="text/plain">&lt;i&gt;&amp;&#39;x&#39; y&#34;&#43;</script>',
    ],
  ])('%s, a script or a style, gives %s', (text, expected) => {
    expect(execute(text)).toBe(expected);
  });

  it.each([
    [
      '<a href="',
      'html/template:details: ends in a non-text context: {stateURL delimDoubleQuote urlPartNone jsCtxRegexp attrURL elementNone <nil>}',
    ],
    [
      'x{{ if .Yes }}<a {{ else }}b{{ end }}>',
      'html/template:details:1:4: {{if}} branches end in different contexts: {stateTag delimNone urlPartNone jsCtxRegexp attrNone elementNone <nil>}, {stateText delimNone urlPartNone jsCtxRegexp attrNone elementNone <nil>}',
    ],
    ['<a b=c"d>', 'html/template:details:1:0: "\\"" in unquoted attr: "c\\"d"'],
    ['{{ html .S | print }}', 'html/template:details:1:3: predefined escaper "html" disallowed in template'],
    ['<script>x = `{{ .S }}`</script>', 'html/template:details:1:16: {{.S}} appears in a JS template literal'],
  ])('%s cannot be escaped', (text, message) => {
    const template = parseTemplate('details', text, { html: true });
    expect(() => template.execute(data)).toThrow(message);
  });

  it('execution errors read as in any template', () => {
    expect(() => execute('<b>{{ .Nope }}</b>')).toThrow(
      'template: details:1:6: executing "details" at <.Nope>: can\'t evaluate field Nope in type kapacitor.detailsInfo',
    );
  });
});
