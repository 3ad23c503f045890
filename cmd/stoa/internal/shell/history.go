package shell

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const (
	// maxHistory is how many statements are remembered from earlier runs.
	maxHistory = 10_000
	// maxRemembered is the length from which a statement is not written down: what is pasted by the megabyte is seldom asked for again.
	maxRemembered = 64 << 10
)

// history is the statements of this run and earlier ones, one JSON string on a line of a file that only its owner may read: statements can hold secrets.
type history struct {
	path  string // "" when nothing can be kept
	lines []string
	data  bool // what is typed are data for COPY, which are not remembered
}

// stateDir is where programs keep what is neither data nor settings: $XDG_STATE_HOME, else ~/.local/state; on Windows the local application data.
func stateDir() (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return dir, nil
	}
	if runtime.GOOS == "windows" {
		return os.UserCacheDir()
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, ".local", "state"), nil
}

// openHistory reads the history. With an error it is one that lasts as long as the program.
func openHistory() (*history, error) {
	dir, err := stateDir()
	if err != nil {
		return &history{}, err
	}
	return readHistory(filepath.Join(dir, "stoa", "history"))
}

func readHistory(path string) (*history, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return &history{}, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return &history{}, err
	}
	defer f.Close()
	if err := f.Chmod(0o600); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return &history{}, err
	}
	h := &history{path: path}
	r := bufio.NewReader(f)
	for {
		text, err := r.ReadString('\n')
		var line string
		if json.Unmarshal([]byte(text), &line) == nil && line != "" {
			h.lines = append(h.lines, line)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return h, err
		}
	}
	if len(h.lines) > 2*maxHistory {
		h.lines = h.lines[len(h.lines)-maxHistory:]
		return h, h.rewrite()
	}
	return h, nil
}

// rewrite shortens the file to what is remembered.
func (h *history) rewrite() error {
	var b strings.Builder
	for _, l := range h.lines {
		text, err := json.Marshal(l)
		if err != nil {
			return err
		}
		b.Write(append(text, '\n'))
	}
	temp := h.path + ".new"
	if err := os.WriteFile(temp, []byte(b.String()), 0o600); err != nil {
		return err
	}
	return os.Rename(temp, h.path)
}

// Write implements readline.History: it adds a statement.
func (h *history) Write(line string) (int, error) {
	line = strings.TrimSpace(line)
	if h.data || line == "" || len(h.lines) > 0 && h.lines[len(h.lines)-1] == line {
		return len(h.lines), nil
	}
	h.lines = append(h.lines, line)
	if h.path == "" || len(line) > maxRemembered {
		return len(h.lines), nil
	}
	text, err := json.Marshal(line)
	if err != nil {
		return len(h.lines), err
	}
	f, err := os.OpenFile(h.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return len(h.lines), err
	}
	_, err = f.Write(append(text, '\n'))
	if closed := f.Close(); err == nil {
		err = closed
	}
	return len(h.lines), err
}

// GetLine implements readline.History.
func (h *history) GetLine(i int) (string, error) {
	if i < 0 || i >= len(h.lines) {
		return "", fmt.Errorf("the history has no line %d", i)
	}
	return h.lines[i], nil
}

// Len implements readline.History.
func (h *history) Len() int { return len(h.lines) }

// Dump implements readline.History.
func (h *history) Dump() any { return h.lines }
