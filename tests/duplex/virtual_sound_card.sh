#!/usr/bin/env bash
# A sound card without hardware, by PulseAudio: "speaker" is what the program plays, "room" is the air, and "mic" hears
# the room, into which the speaker leaks by a loopback, 15 dB softer than it is played.
#   virtual_sound_card.sh FOLDER        runs until it is ended; FOLDER/sock is there when it answers
# Then, with PULSE_SERVER=unix:FOLDER/sock:
#   parec -d speaker.monitor ...        what she would hear
#   paplay --device=room her.wav        she speaks
set -euo pipefail
folder=$(realpath "$1")
export HOME=$folder XDG_RUNTIME_DIR=$folder PULSE_RUNTIME_PATH=$folder
chmod 700 "$folder"
cat > "$folder/card.pa" <<CARD
load-module module-null-sink sink_name=speaker rate=48000 channels=1
load-module module-null-sink sink_name=room rate=48000 channels=1
load-module module-remap-source master=room.monitor source_name=mic
load-module module-loopback source=speaker.monitor sink=room latency_msec=50 source_dont_move=true sink_dont_move=true
set-sink-input-volume 0 0x8f5c
set-default-sink speaker
set-default-source mic
load-module module-native-protocol-unix auth-anonymous=1 socket=$folder/sock
CARD
exec pulseaudio -n -F "$folder/card.pa" --exit-idle-time=-1 --disallow-exit --use-pid-file=no \
  --daemonize=no --log-target="file:$folder/pulse.log"
