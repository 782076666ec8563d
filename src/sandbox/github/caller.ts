import { verify } from 'node:crypto';
import { Refusal } from './refusal.ts';
import type { Caller } from './route.ts';
import { botOf, type World } from './world.ts';

/** A JWT may be valid ten minutes at most; GitHub allows a minute of clock difference. */
const maxLifeSeconds = 600;
const leewaySeconds = 60;

/**
 * Who sends a request. Tokens and JWTs are judged by real time, because the client that makes them knows no other.
 * @throws Refusal 401 for credentials that are wrong or over; 404 for another app's.
 */
export function callerOf(world: World, authorization: string | undefined): Caller {
  if (authorization === undefined) return { kind: 'nobody' };
  const [, scheme = '', credential = ''] = /^(\S+) (\S+)$/.exec(authorization) ?? [];
  if (!/^(token|bearer)$/i.test(scheme)) throw new Refusal(401, 'Bad credentials');
  if (credential.split('.').length === 3) {
    checkJwt(world, credential, Date.now() / 1000);
    return { kind: 'app' };
  }
  const token = world.state.tokens.get(credential);
  if (token === undefined || token.expiresAt <= Date.now())
    throw new Refusal(401, 'Bad credentials');
  return { kind: 'installation', installation: token.installation, bot: botOf(world) };
}

function checkJwt({ app }: World, jwt: string, now: number): void {
  const [head = '', body = '', signature = ''] = jwt.split('.');
  const { alg } = decode(head);
  const good =
    alg === 'RS256' &&
    verify(
      'RSA-SHA256',
      Buffer.from(`${head}.${body}`),
      app.publicKey,
      Buffer.from(signature, 'base64url'),
    );
  if (!good) throw new Refusal(401, 'A JSON web token could not be decoded');
  const { iat, exp, iss } = decode(body);
  if (typeof iat !== 'number' || !Number.isInteger(iat) || iat > now + leewaySeconds) {
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  if (typeof exp !== 'number' || exp <= now) {
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > now + maxLifeSeconds + leewaySeconds) {
    throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  if (String(iss) !== String(app.id)) throw new Refusal(404, 'Integration not found');
}

function decode(part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // told below, as any other nonsense
  }
  throw new Refusal(401, 'A JSON web token could not be decoded');
}
