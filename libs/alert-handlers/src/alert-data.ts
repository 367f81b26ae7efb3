import { DeliveryError, parseTemplate, type RenderedEvent, TemplateError } from '@supercap/alerting';

/** A template over the alert data: ID, Message, Details, Time, Duration, Level, Data, PreviousLevel, Recoverable. */
export function alertDataTemplate(name: string, text: string): (event: RenderedEvent) => string {
  if (!text.includes('{{')) return () => text;
  const template = parseTemplate(name, text);
  return (event) => {
    try {
      return template.execute(alertData(event));
    } catch (error) {
      if (error instanceof TemplateError) throw new DeliveryError(error.message, 'never');
      throw error;
    }
  };
}

function alertData(event: RenderedEvent) {
  return {
    typeName: 'alert.Data',
    fields: {
      ID: event.id,
      Message: event.message,
      Details: event.details,
      Time: { time: BigInt(event.time) },
      Duration: { duration: BigInt(event.duration) },
      Level: { level: event.level },
      PreviousLevel: { level: event.previousLevel },
      Recoverable: event.recoverable,
    },
  };
}
