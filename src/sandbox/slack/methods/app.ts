import { isObject } from '../blocks/check.ts';
import { view as checkView, messageBlocks } from '../blocks/payload.ts';
import { standInApp } from '../workspace.ts';
import { type Args, failed, json, type Method, type Reply, word } from './method.ts';

function authTest(): Reply {
  return {
    ok: true,
    url: `https://${standInApp.teamDomain}.slack.com/`,
    team: 'Sandbox',
    user: standInApp.botName,
    team_id: standInApp.teamId,
    user_id: standInApp.botUserId,
    bot_id: standInApp.botId,
    is_enterprise_install: false,
  };
}

function apiTest(args: Args): Reply {
  const error = word(args, 'error');
  return error === undefined ? { ok: true, args } : failed(error, { args });
}

/** `blocks.validate`: exactly the checks that posting and opening make. */
function validate(args: Args): Reply {
  const blocks = json(args, 'blocks');
  const message = json(args, 'message');
  const view = json(args, 'view');
  const problems = [
    ...(typeof blocks === 'object' ? messageBlocks(blocks.value, '/blocks') : []),
    ...(typeof message === 'object' && isObject(message.value)
      ? messageBlocks(message.value['blocks'] ?? [], '/message/blocks')
      : []),
    ...(typeof view === 'object' ? checkView(view.value, '/view') : []),
  ];
  if ([blocks, message, view].every((one) => typeof one !== 'object'))
    return failed('invalid_arguments');
  return problems.length === 0
    ? { ok: true }
    : failed('invalid_blocks', { errors: problems.map((one) => ({ code: 'invalid', ...one })) });
}

export const appMethods: Readonly<Record<string, Method>> = {
  'api.test': { token: 'none', run: (_, args) => apiTest(args) },
  'auth.test': { token: 'bot', run: authTest },
  'blocks.validate': { token: 'none', run: (_, args) => validate(args) },
};
