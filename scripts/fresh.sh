# ./dev fresh: the commands of README.md in a bare Debian 12, made with this machine's own package sources, pip
# configuration and certificates. It holds nothing else of this machine: no compiler, no caches, no environment.
# shellcheck shell=bash

fresh_folder=build/fresh

fresh() {
  local started=$SECONDS root=$fresh_folder/root
  ((EUID == 0)) || stop "fresh: only root can make a root of its own (chroot, mount)"
  need "make a bare Debian 12" "${fresh_packages[@]}"
  rm -rf --one-file-system "$root"
  bare_debian
  say "unpacking a bare Debian 12 into $root"
  mkdir -p "$root"
  tar -xf "$fresh_folder/debian12.tar" -C "$root" --numeric-owner --exclude='./dev/*'
  let_in_network "$root"
  [[ -z "$(git status --porcelain --untracked-files=no)" ]] || echo "   what is not committed is left out"
  git clone --quiet --no-hardlinks "$PWD" "$root/root/mogul"
  say "running the commands of README.md there"
  in_root "$root" /bin/bash /root/mogul/scripts/readme.sh
  rm -rf --one-file-system "$root"
  say "fresh: passed ($((SECONDS - started)) s)"
}

# debian12.tar, made anew after a week, so that security updates come in.
bare_debian() {
  local tar=$fresh_folder/debian12.tar
  [[ -z "$(find "$tar" -mtime -7 2>/dev/null)" ]] || return 0
  say "making a bare Debian 12"
  mkdir -p "$fresh_folder"
  apt-config dump | grep -E '^Acquire::(https?:|Check-|Retries)' >"$fresh_folder/apt.conf" || true
  retry live mmdebstrap "$fresh_folder/mmdebstrap.log" mmdebstrap --mode=root --format=tar --variant=minbase \
    --include=ca-certificates --aptopt="$fresh_folder/apt.conf" --aptopt='Acquire::Retries "3"' \
    bookworm "$tar.part" "${apt_sources[@]}" || stop "fresh: mmdebstrap failed; its output is in $fresh_folder/mmdebstrap.log"
  mv "$tar.part" "$tar"
}

apt_sources=()
for source in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
  [[ ! -s $source ]] || apt_sources+=("$source")
done

# let_in_network ROOT: what it takes to reach the package registries from there.
let_in_network() {
  local root=$1 file
  for file in /etc/resolv.conf /etc/hosts /etc/pip.conf; do
    [[ ! -f $file ]] || cp --dereference "$file" "$root$file"
  done
  for file in /etc/apt/keyrings /etc/apt/auth.conf.d /etc/apt/preferences.d /usr/local/share/ca-certificates "${PIP_FIND_LINKS:-}"; do
    [[ ! -d $file ]] || { mkdir -p "$root$file" && cp -r "$file/." "$root$file"; }
  done
  chroot "$root" update-ca-certificates >"$fresh_folder/certificates.log" 2>&1
}

# in_root ROOT COMMAND...: with a /proc, /dev and process numbers of its own, which end with it and with ./dev; where the
# system does not allow that, with mounts that are taken away at the end. Of the environment, CI, and what pip, proxies and
# OpenBLAS need.
in_root() {
  local root=$1 name isolated=() kept=()
  shift
  for name in $(compgen -e); do
    [[ ! $name =~ ^(PIP_.*|OPENBLAS_.*|CI|TERM|(http|https|no|all|HTTP|HTTPS|NO|ALL)_(proxy|PROXY))$ ]] || kept+=("$name=${!name}")
  done
  if unshare --mount --pid --fork true 2>/dev/null; then
    isolated=(setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --propagation private)
  fi
  env -i "${kept[@]}" HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    "${isolated[@]}" bash scripts/mounted.sh "$root" "$@"
}
