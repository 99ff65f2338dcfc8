# shellcheck shell=sh
# The checks of this machine before a start: `make doctor`. A part of docker/stack, whose functions it uses.

at_least() { # version minimum
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -1)" = "$2" ]
}

port_is_free() { # reads the kernel's list, because no tool for it is installed everywhere
  [ -r /proc/net/tcp ] || return 0
  hex=$(printf '%04X' "$1")
  ! cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '{print $2, $4}' | grep -Eq "^(0100007F|00000000|0{32}|0{24}01000000):$hex 0A$"
}

problems=0
problem() { # what is wrong, how to fix it
  say "  no   $1"
  say "       $2"
  problems=$((problems + 1))
}
good() { say "  ok   $1"; }

check_docker() {
  docker info >/dev/null 2>&1 || fail "Docker doesn't respond. Is it installed and running, and are you allowed to use it (docker info)?"
  version=$(docker version --format '{{.Server.Version}}')
  if at_least "$version" 20.10; then good "Docker $version"; else
    problem "Docker $version is too old" "Install 20.10 or newer: package docker.io or docker-ce."
  fi
  version=$(docker compose version --short 2>/dev/null || say 0)
  version=${version#v}
  if at_least "$version" 2.24; then good "Compose $version"; else
    problem "Compose $version is too old, or missing" "Install the Compose plug-in 2.24 or newer."
  fi
}

check_memory() {
  total=$(docker info --format '{{.MemTotal}}' | awk '{print int($1 / 1048576)}')
  free=$(awk '/^MemAvailable/ {print int($2 / 1024)}' /proc/meminfo 2>/dev/null || say "$total")
  # Docker Desktop's engine has its own memory.
  [ -n "$free" ] && [ "$free" -lt "$total" ] || free=$total
  need=7000
  [ "$(value TEZ_LOCAL_MODE)" != true ] || need=5500
  if [ "$free" -ge "$need" ]; then good "$free MB of memory free"; else
    problem "only $free MB of memory free; the cluster needs $need" \
      "Close other programs, give Docker Desktop more memory, or set TEZ_LOCAL_MODE=true and TEZ_SESSION_POOL=false in .env (5500)."
  fi
}

check_ports() {
  before=$problems
  # shellcheck disable=SC2013  # names are words
  for name in $(sed -n 's/^\([A-Z0-9_]*_PORT\)=.*/\1/p' .env.example); do
    port=$(value "$name")
    if port_is_free "$port"; then :; else
      problem "port $port is in use by another program" "Set another one in .env: $name=$((port % 40000 + 20000))"
    fi
  done
  [ "$problems" -gt "$before" ] || good "all ports are free"
}

check_disk() {
  folder=$(docker info --format '{{.DockerRootDir}}')
  [ -d "$folder" ] || folder=. # the engine runs in a virtual machine, as with Docker Desktop
  disk=$(df -Pm "$folder" | awk 'NR == 2 {print $4}')
  need=12000
  ! images_exist || need=3000
  if [ "$disk" -ge "$need" ]; then good "$disk MB of disk free in $folder"; else
    problem "only $disk MB of disk free in $folder; images and data need $need" "Free some space: docker system prune deletes unused images."
  fi
}

check_permissions() {
  for folder in docker/conf jobs dags hive dashboard; do
    [ -n "$(find "$folder" -maxdepth 0 -perm -o=rx)" ] || problem "$folder isn't readable for the containers' users" \
      "chmod -R o+rX docker/conf jobs dags hive dashboard"
  done
}

doctor() {
  say "Checking this machine"
  check_docker
  running=$(compose ps -q 2>/dev/null | wc -l)
  if [ "$running" -gt 0 ]; then
    good "$running containers of this project exist: skipped the checks of memory and ports"
  else
    check_memory
    check_ports
  fi
  check_disk
  check_permissions
  [ "$problems" -eq 0 ] || fail "fix the problems listed above first ($problems). Nothing was started."
}
