import { describe, expect, it } from 'vitest';
import { diagnose } from './diagnostics';
import { asWritten } from './errors';
import { nearMiss } from './near-miss';
import { testCatalog } from './testing/test-catalog';

const told = (script: string) =>
  diagnose({ script, dialect: 'v1', catalog: testCatalog }).map(({ line, char, message, suggestion, severity }) =>
    [`${severity === 'error' ? '' : 'warning '}${line}:${char} ${message}`, ...(suggestion ? [suggestion] : [])].join(
      ' – ',
    ),
  );

describe('the diagnostics of a script', () => {
  it('are none for a script that compiles', () => {
    expect(told("var m = 'cpu'\nstream|from().measurement(m)|httpOut('x')")).toEqual([]);
  });

  it('tell all independent errors of a script at once', () => {
    const script = [
      'var m = meassurement',
      'var w = stream',
      '    |from()',
      '        .mesurement(m)',
      '    |windw()',
      '        .period(10s)',
      'stream|from()',
      '    |window()',
      '        .perod(10)',
      '        .every(10)',
      "    |men('v')",
    ].join('\n');
    expect(told(script)).toEqual([
      '1:9 name "meassurement" is undefined. Names in scope: time,stream',
      '4:10 no method or property "mesurement" on *pipeline.FromNode – did you mean .measurement()?',
      '5:6 no method or property "windw" on *pipeline.FromNode – did you mean |window()?',
      '9:10 no method or property "perod" on *pipeline.WindowNode – did you mean .period()?',
      '10:10 error calling func "every" on obj *pipeline.WindowNode: reflect.Set: value of type int64 is not assignable to type time.Duration',
      '11:6 no method or property "men" on *pipeline.WindowNode – did you mean |mean()?',
    ]);
  });

  it('go on behind a statement that does not parse, and do not miss what it would have declared', () => {
    expect(told("var m = = 'cpu'\nstream|from().measurement(m)|nope()")).toEqual([
      expect.stringMatching(/^1:9 parser: unexpected unknown state, last char: '='/),
      '2:30 no method or property "nope" on *pipeline.FromNode',
    ]);
  });

  it('do not repeat an error for what depends on it', () => {
    expect(told('var a = stream|nope()\nvar b = a|from()\na|join(b)\nstream|from().where(lambda: a > 1)')).toEqual([
      '1:16 no method or property "nope" on *pipeline.StreamNode',
    ]);
  });

  it('place what a node finds wrong with its options at its call', () => {
    expect(told("stream|from()\n|eval(lambda: 1)\nstream|from()\n|alert().log('')")).toEqual([
      '2:2 must specify same number of expressions and .as() names: got 0 as names, and 1 expressions.',
      '4:2 must provide a path',
    ]);
  });

  it('look up the functions of lambdas', () => {
    expect(told('stream|from()|where(lambda: sqr("v") > 1.0)')).toEqual([
      '1:29 undefined function: "sqr" – did you mean sqrt()?',
    ]);
  });

  it('check what is constant in lambdas', () => {
    expect(told('var limit = \'a\'\nstream|from()|where(lambda: "v" > 1 AND 1 > limit)')).toEqual([
      expect.stringMatching(/^2:21 .*mismatched type to binary operator. got int > string/),
    ]);
  });

  it('warn of vars that nothing uses', () => {
    expect(told('var unused = 5\nvar a = stream|from()')).toEqual(['warning 1:5 var unused is never used']);
  });

  it('explain a task without a source', () => {
    expect(told('var x = 5')).toEqual([
      '1:1 invalid task type: invalid – a task starts from either stream or batch, and not from both',
    ]);
    expect(told('stream')).toEqual(['1:1 task does nothing']);
  });

  it('are no more than anybody reads', () => {
    const script = Array.from({ length: 3_000 }, (_, i) => `var x${i} = y${i}`).join('\n');
    expect(told(`${script}\nstream|from()`)).toHaveLength(200);
  });

  it('suggest what another operator leads to', () => {
    expect(told('stream|from().windw()')).toEqual([
      '1:15 no method or property "windw" on *pipeline.FromNode – did you mean |window()?',
    ]);
  });

  it('suggest the bool that is written in small letters', () => {
    expect(told('stream|from()|where(lambda: true)')).toEqual([
      '1:29 name "true" is undefined. Names in scope: time,stream – did you mean TRUE?',
    ]);
  });

  it('suggest names of vars', () => {
    expect(told('var threshold = 5\nstream|from()|where(lambda: "v" > treshold)')).toEqual([
      '2:35 name "treshold" is undefined. Names in scope: time,stream,threshold – did you mean threshold?',
    ]);
  });
});

describe('a near miss', () => {
  it('is the most similar name, if any is similar enough', () => {
    expect(nearMiss('perod', asWritten(['every', 'period', 'periodCount']))).toBe('period');
    expect(nearMiss('HTTPOUT', asWritten(['httpOut', 'httpPost']))).toBe('httpOut');
    expect(nearMiss('units', asWritten(['unit']))).toBe('unit');
    expect(nearMiss('cirt', asWritten(['crit', 'critReset']))).toBe('crit');
    expect(nearMiss('frobnicate', asWritten(['from', 'alert']))).toBeUndefined();
  });
});
