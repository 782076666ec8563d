type Advice = {
  /** What the trouble looks like in its error's words, and where it came from. */
  readonly when: RegExp;
  readonly say: string;
};

/** From the particular to the general: the first that fits is told. Sources: the words of each system's own errors. */
const known: readonly Advice[] = [
  {
    when: /ResourceNotFoundException.*table|no such table/i,
    say: 'amiable table create makes the table.',
  },
  {
    when: /Could not load credentials|CredentialsProviderError|could not be found in .*credentials|Token is expired.*SSO/i,
    say: 'AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role is given; aws.credentials of the configuration does it as well.',
  },
  {
    when: /ExpiredToken|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|AuthFailure/,
    say: 'AWS credentials: AWS does not take these any more; renew them, as with aws sso login.',
  },
  {
    when: /AccessDenied|UnauthorizedOperation|not authorized to perform/,
    say: 'AWS permissions: give the role what infra/aws/iam-policy.json has.',
  },
  {
    when: /App is not installed/,
    say: 'GitHub: install the GitHub App on each repository of the configuration, or mend its name in repositories.',
  },
  {
    when: /^GitHub.*(JSON web token|Integration not found|Bad credentials|\(401\))/is,
    say: 'GitHub: github.appId and github.privateKey must be of one App; its page shows the id and makes keys.',
  },
  {
    when: /invalid_auth|not_authed|token_revoked|token_expired|account_inactive|not_allowed_token_type/,
    say: "Slack: slack.botToken is the Bot User OAuth Token (xoxb-…) on the app's page OAuth & Permissions; install the app to the workspace first.",
  },
  {
    when: /missing_scope|check the ids, and the scopes/,
    say: 'Slack: the scopes are those of infra/slack/app-manifest-*.json; after adding one, install the app again.',
  },
  {
    when: /kubeconfig has no context|kubeconfig names no cluster/,
    say: 'Kubernetes: kubectl config get-contexts lists the contexts; clusters[].api.context names one of them.',
  },
  {
    when: /^(Kubernetes|Argo CD).*\(401\)/s,
    say: 'Kubernetes: the cluster does not know who we are: renew the token of clusters[].api, or give the role an access entry.',
  },
  {
    when: /^Kubernetes.*(ClusterRole lacks|\(403\))/s,
    say: 'Kubernetes: apply infra/kubernetes/cluster-role.yaml and bind it.',
  },
  {
    when: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|no answer within/,
    say: 'Network: compare the addresses in the configuration, and see whether this machine reaches them (proxy, VPN, firewall).',
  },
];

/** What to do about a trouble, where it is one of the usual ones. @param trouble where it is and what was said. */
export function adviceFor(trouble: string): string | undefined {
  return known.find(({ when }) => when.test(trouble))?.say;
}
