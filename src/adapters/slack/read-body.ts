import type { ReceiverEvent } from '@slack/bolt';

/**
 * The payload of a request: JSON for events, a form for commands, JSON in a form's field `payload` for interactions. A
 * proxy may have added a charset to the type. `undefined`: none of these.
 */
export function readBody(contentType: string, text: string): ReceiverEvent['body'] | undefined {
  const [type = ''] = contentType.toLowerCase().split(';');
  switch (type.trim()) {
    case 'application/json':
      return parsed(text);
    case 'application/x-www-form-urlencoded': {
      const form = Object.fromEntries(new URLSearchParams(text));
      return form['payload'] === undefined ? form : parsed(form['payload']);
    }
    default:
      return undefined;
  }
}

function parsed(text: string): ReceiverEvent['body'] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
