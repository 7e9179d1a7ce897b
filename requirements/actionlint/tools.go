//go:build tools

// Package tools pins actionlint, which has no package in Python, by the checksums of go.sum.
package tools

import _ "github.com/rhysd/actionlint/cmd/actionlint"
