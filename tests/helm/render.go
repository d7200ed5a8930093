// Renders a chart by the templates of Go and the functions that the chart uses of Helm, one document for each file.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

func main() {
	if err := render(os.Args[1], os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// render reads the values of a chart, and what Helm knows beside them, as JSON.
func render(chart string, values *os.File) error {
	var known map[string]any
	if err := json.NewDecoder(values).Decode(&known); err != nil {
		return err
	}
	known["Template"] = map[string]any{"BasePath": "templates"}
	all := template.New("chart").Option("missingkey=error")
	asJSON := func(value any) (string, error) {
		text, err := json.Marshal(value)
		return string(text), err
	}
	all.Funcs(template.FuncMap{
		"include": func(name string, of any) (string, error) {
			var text bytes.Buffer
			err := all.ExecuteTemplate(&text, name, of)
			return text.String(), err
		},
		"nindent": func(by int, text string) string {
			space := "\n" + strings.Repeat(" ", by)
			return space + strings.ReplaceAll(text, "\n", space)
		},
		"default": func(usual, given any) any {
			if given == nil || given == "" {
				return usual
			}
			return given
		},
		"required": func(problem string, given any) (any, error) {
			if given == nil || given == "" {
				return nil, errors.New(problem)
			}
			return given, nil
		},
		"quote":     func(value any) string { return fmt.Sprintf("%q", fmt.Sprint(value)) },
		"sha256sum": func(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) },
		"int64":     func(value float64) int64 { return int64(value) },
		// Every JSON is YAML.
		"toYaml": asJSON,
		"toJson": asJSON,
	})
	paths, err := filepath.Glob(filepath.Join(chart, "templates", "*"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if _, err := all.New("templates/" + filepath.Base(path)).Parse(string(text)); err != nil {
			return err
		}
	}
	rendered := map[string]string{}
	for _, path := range paths {
		name := filepath.Base(path)
		if strings.HasPrefix(name, "_") {
			continue
		}
		var text bytes.Buffer
		if err := all.ExecuteTemplate(&text, "templates/"+name, known); err != nil {
			return err
		}
		rendered[name] = text.String()
	}
	return json.NewEncoder(os.Stdout).Encode(rendered)
}
