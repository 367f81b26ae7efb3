import { Layout, nilGroup, Point, Tags } from '@supercap/data-model';
import { compileLambda, EvaluationError, type Host, LambdaError, signature } from '@supercap/lambda';
import { ParseError, parseLambda, walk, type Lambda } from '@supercap/tickscript';
import type { RenderedEvent } from './event';
import { alertLevels, rankOf } from './levels';

/** True if the handler is to get the event; an error if the expression cannot be evaluated on it. */
export type Match = (event: RenderedEvent) => boolean | { readonly error: string };

/** A match expression that cannot be accepted. */
export class MatchError extends Error {
  override readonly name = 'MatchError';
}

const identifiers = Object.fromEntries(
  alertLevels.map((level) => [level, { type: 'int', value: BigInt(rankOf(level)) } as const]),
);

/**
 * Compiles the match of a topic handler: a boolean lambda without `lambda:`, in which references are tags of the event
 * and changed(), level(), name(), taskName() and alertDuration() speak of it. Throws MatchError. As in the original,
 * an unknown function is only found out when an event comes.
 */
export function compileMatch(text: string): Match {
  const lambda = parse(text);
  walk(lambda, (node) => {
    if (node.kind === 'identifier' && !Object.hasOwn(identifiers, node.name)) {
      throw new MatchError(`unknown identifier ${JSON.stringify(node.name)}`);
    }
  });
  const subject: { event: RenderedEvent | undefined } = { event: undefined };
  const compiled = compile(lambda, hostFor(subject));
  const state = compiled.newState();
  const shared = compiled.newShared();
  return (event) => {
    subject.event = event;
    try {
      return compiled.predicate(pointOf(event), state, shared);
    } catch (error) {
      if (error instanceof EvaluationError) return { error: error.message };
      throw error;
    } finally {
      subject.event = undefined;
    }
  };
}

function parse(text: string): Lambda {
  try {
    return parseLambda(text);
  } catch (error) {
    if (error instanceof ParseError) throw new MatchError(`invalid match expression: ${error.message}`);
    throw error;
  }
}

function compile(lambda: Lambda, host: Host) {
  try {
    return compileLambda(lambda, host);
  } catch (error) {
    if (error instanceof LambdaError) throw new MatchError(`invalid match expression: ${error.message}`);
    throw error;
  }
}

function hostFor(subject: { readonly event: RenderedEvent | undefined }): Host {
  const duration = { signatures: [signature([], 'duration', () => BigInt(subject.event!.duration))] };
  return {
    identifiers,
    functions: {
      changed: { signatures: [signature([], 'boolean', () => subject.event!.level !== subject.event!.previousLevel)] },
      level: { signatures: [signature([], 'int', () => BigInt(rankOf(subject.event!.level)))] },
      name: { signatures: [signature([], 'string', () => subject.event!.name)] },
      taskName: { signatures: [signature([], 'string', () => subject.event!.taskName)] },
      alertDuration: duration,
      // The older name, beside the conversion function of the same name.
      duration,
    },
  };
}

/** Only tags can be referred to. */
function pointOf(event: RenderedEvent): Point {
  return new Point(event.name, '', '', nilGroup, Tags.from(event.tags), Layout.empty, [], BigInt(event.time));
}
