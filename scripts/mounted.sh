#!/usr/bin/env bash
# mounted.sh ROOT COMMAND...: runs the command in ROOT, with /proc and the devices that any program expects.
# ./dev fresh calls this, in a mount namespace of its own where there is one.
set -euo pipefail
root=$(readlink -f "$1")
shift

# Files one by one, never the whole folder, so that removing ROOT can never reach the machine's devices.
mount_devices() {
  local device
  mkdir -p "$root/dev/pts" "$root/dev/shm"
  for device in null zero full random urandom tty; do
    : >"$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
  done
  mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts "$root/dev/pts"
  mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
  ln -sfn pts/ptmx "$root/dev/ptmx"
  ln -sfn /proc/self/fd "$root/dev/fd"
  ln -sfn fd/0 "$root/dev/stdin"
  ln -sfn fd/1 "$root/dev/stdout"
  ln -sfn fd/2 "$root/dev/stderr"
}

unmount() {
  local mounted
  while read -r mounted; do umount --lazy "$mounted"; done < <(awk -v root="$root/" 'index($5, root) == 1 { print $5 }' /proc/self/mountinfo)
}

trap unmount EXIT
trap 'exit 130' INT TERM HUP
mount -t proc proc "$root/proc"
mount_devices
chroot "$root" "$@"
