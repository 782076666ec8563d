/** Packages that people know of node images; a statement that names one of these must have it from a fact. */
const wellKnown =
  `kernel containerd runc crun kubelet kubectl kube-proxy docker moby nerdctl cri-o cni vpc-cni nvidia cuda
  neuron neuronx efa ena ssm-agent amazon-ssm-agent openssl openssh sshd gnutls glibc musl systemd dbus udev bash coreutils
  busybox curl wget zlib xz bzip2 expat krb5 sudo pam polkit selinux iptables nftables iproute iproute2 ebpf python python3
  perl ruby nodejs golang java rust gcc binutils grub grub2 dracut chrony ntp rsyslog cloud-init nodeadm nodeconfig aws-cli
  awscli ecr-credential-provider soci-snapshotter log4j nginx redis git vim tar gzip cpio e2fsprogs xfsprogs btrfs lustre nfs
  samba bind dnsmasq unbound dhcp dhclient networkmanager firewalld podman buildah skopeo rpm dnf yum microcode firmware
  cilium calico flannel istio envoy coredns bottlerocket twoliter firecracker`
    .split(/\s+/)
    .map((name) => name.replaceAll('+', '\\+'));
const known = new RegExp(`(?<![a-z0-9-])(?:${wellKnown.join('|')})(?![a-z0-9])`, 'g');

/** What is shaped like a package, and what stands in code marks. */
const shaped =
  /\blib(?!rar|er)[a-z]{2,}[\w.+-]*|\b[\w+-]+-(?:dkms|devel|utils|agent|libs|toolkit|driver|plugin|kit)\b/g;

/** Names of packages in lower-case text, as far as they can be recognised. */
export function packageNames(text: string): readonly string[] {
  return [
    ...(text.match(known) ?? []),
    ...(text.match(shaped) ?? []),
    ...[...text.matchAll(/`([^`]*)`?/g)].map(([, code = '']) => code.trim()),
  ];
}
