// Package flux evaluates the health expressions by Flux's own evaluator, and what kstatus says without them.
package flux

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/fluxcd/pkg/apis/kustomize"
	"github.com/fluxcd/pkg/runtime/cel"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

type cases struct {
	Tests []struct {
		InputPath string        `json:"inputPath"`
		Status    status.Status `json:"status"`
		// Without the expressions, as kubectl, Helm and others see it; the same if it is not given.
		Kstatus status.Status `json:"kstatus"`
	} `json:"tests"`
}

func read(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatal(path, err)
	}
}

func TestHealth(t *testing.T) {
	var checks []kustomize.CustomHealthCheck
	read(t, "../../flux/health-check-exprs.yaml", &checks)
	byKind := map[string]*cel.StatusEvaluator{}
	for _, it := range checks {
		evaluator, err := cel.NewStatusEvaluator(&it.HealthCheckExpressions)
		if err != nil {
			t.Fatal(it.Kind, err)
		}
		byKind[it.Kind] = evaluator
	}
	var wanted cases
	read(t, "../../flux/health_test.yaml", &wanted)
	files, _ := filepath.Glob("../../argocd/sanadflow.io/*/testdata/*.yaml")
	if len(files) == 0 || len(files) != len(wanted.Tests) {
		t.Errorf("%d files, %d cases", len(files), len(wanted.Tests))
	}
	for _, it := range wanted.Tests {
		t.Run(it.InputPath, func(t *testing.T) {
			object := &unstructured.Unstructured{}
			read(t, filepath.Join("../../argocd/sanadflow.io", it.InputPath), object)
			found, err := byKind[object.GetKind()].Evaluate(context.Background(), object)
			if err != nil {
				t.Fatal(err)
			}
			if found.Status != it.Status {
				t.Errorf("%s is %s, not %s", it.InputPath, found.Status, it.Status)
			}
			if it.Kstatus == "" {
				it.Kstatus = it.Status
			}
			if plain, err := status.Compute(object); err != nil || plain.Status != it.Kstatus {
				t.Errorf("kstatus says %+v (%v), not %s", plain, err, it.Kstatus)
			}
		})
	}
}

// The example has the expressions as they are.
func TestExample(t *testing.T) {
	var checks []kustomize.CustomHealthCheck
	read(t, "../../flux/health-check-exprs.yaml", &checks)
	var example struct {
		Spec struct {
			HealthCheckExprs []kustomize.CustomHealthCheck `json:"healthCheckExprs"`
		} `json:"spec"`
	}
	read(t, "../../../../examples/gitops/flux/clusters/campus/hubs.yaml", &example)
	if !reflect.DeepEqual(example.Spec.HealthCheckExprs, checks) {
		t.Error("examples/gitops/flux has other expressions than manifests/gitops/flux")
	}
}
