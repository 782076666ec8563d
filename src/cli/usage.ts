/** What `amiable` and `amiable --help` say. */
export const usage = `amiable, ChatOps for EKS node images

  amiable serve --config FILE            run the service
  amiable check --config FILE [--explain] [--json]
                                         look for a new release now; say why for each pin
  amiable doctor --config FILE [--brake] try each read once and say what is missing;
                                         rehearse the brake, and time the way back
  amiable config validate FILE           every error of a configuration, at once
  amiable config schema                  JSON Schema of amiable.yaml, for editors
  amiable table create --config FILE     make the DynamoDB table
  amiable pins list [--json] PATH…       pins in files and folders
  amiable pins set FILE:LINE VALUE       move one pin, and keep every other byte
  amiable pins now FILE:LINE VALUE       the same in the place of @latest
  amiable images latest --region R --kubernetes M [--family F] [--json]
                                         the images AWS recommends now
  amiable images resolve RELEASE|AMI-ID --region R [--kubernetes M] [--json]
                                         a release's images, or an image's release
  amiable diff FROM TO [--kubernetes M] [--type T] [--notes PATH] [--advisories PATH] [--json]
                                         packages and vulnerabilities between two releases
  amiable track [--kubeconfig F] [--context C] [--node-class N] [--json] [--watch]
                                         how far the nodes of any cluster are, and why not
  amiable pause|resume [ROLLOUT] --config FILE [--reason TEXT]
                                         stop further merges, and go on; works while Slack is down
  amiable brake [ROLLOUT] --config FILE [--reason TEXT]
                                         pause, and hold the old nodes, where the cluster permits it
  amiable rollback ROLLOUT --config FILE --reason TEXT [--clusters A,B]
                                         take clusters back to what they ran before
  amiable where RELEASE|kernel VERSION|driver VERSION --config FILE [--json]
                [--rollback --reason TEXT [--clusters A,B]]
                                         nodes that run it, who approved it, and the way back
  amiable upgrade-check CLUSTER MINOR --config FILE [--json]
                                         whether every pin resolves at another Kubernetes minor
  amiable freeze|unfreeze --config FILE [--reason TEXT]
                                         stop every merge everywhere, and go on
  amiable audit export --config FILE [--since DAY] [--until DAY] [--format jsonl|csv]
                                         one line a decision: who, when, what, why
  amiable audit verify --config FILE [--anchor HASH] [--json]
                                         name every record that was changed, moved or is missing
  amiable audit bundle ROLLOUT --config FILE [--json] [--out DIR]
                                         all that is on record of one rollout
  amiable audit anchor --config FILE     anchor the record now, as the service does once a day
  amiable sandbox [--port N] [--speed N] [--data DIR] [--fresh] [--verbose]
                                         try it all with no account
  amiable --version

  -c FILE is --config FILE; without it the configuration is amiable.yaml. -h is --help.
`;
