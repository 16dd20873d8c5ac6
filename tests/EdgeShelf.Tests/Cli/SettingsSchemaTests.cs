using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeShelf.Configuration;
using EdgeShelf.Tests.Support;
using Json.Schema;

namespace EdgeShelf.Tests.Cli;

/// <summary>The schema with which editors check and complete the configuration file, and what the shell completes.</summary>
public sealed partial class SettingsSchemaTests
{
    static readonly string Shipped = Path.Combine(Checkout.Root, "systemd", "edgeshelf.schema.json");

    /// <summary>After a change of the settings the new schema lies in `artifacts`, to be copied over the shipped one.</summary>
    [Fact]
    public void TheShippedSchemaIsTheOneOfTheOptions()
    {
        string schema = SettingsSchema.Create();
        string made = Path.Combine(Directory.CreateDirectory(Path.Combine(Checkout.Root, "artifacts")).FullName, "edgeshelf.schema.json");
        File.WriteAllText(made, schema);

        Assert.True(File.Exists(Shipped) && File.ReadAllText(Shipped) == schema, $"Copy {made} to {Shipped}.");
    }

    [Fact]
    public void TheShippedFileAndTheExamplesAreValid()
    {
        string readme = File.ReadAllText(Path.Combine(Checkout.Root, "systemd", "README.md"));
        string[] files =
        [
            File.ReadAllText(Path.Combine(Checkout.Root, "systemd", "edgeshelf.json")),
            .. JsonBlock().Matches(readme).Select(block => block.Groups["json"].Value).Where(json => json.Contains("\"Capture\"", StringComparison.Ordinal)),
        ];
        Assert.Equal(3, files.Length);

        Assert.All(files, json => Assert.True(IsValid(json), json));
    }

    [Theory]
    [InlineData("""{ "Capture": { "Camera": "kodak" } }""")]
    [InlineData("""{ "Capture": { "Intervall": "90s" } }""")]
    [InlineData("""{ "Capture": { "Interval": 90 } }""")]
    [InlineData("""{ "Web": { "Port": "8080a" } }""")]
    [InlineData("""{ "Kapture": {} }""")]
    public void WhatTheServiceRefusesTheSchemaRefuses(string json) => Assert.False(IsValid(json), json);

    [Fact]
    public void TheServiceTakesTheFileThatThePackageInstalls() =>
        Assert.Empty(ConfigurationCheck.KeyProblems(EdgeShelfConfiguration.Load(Path.Combine(Checkout.Root, "systemd", "edgeshelf.json"), [])));

    [Theory]
    [InlineData("edgeshelf run --set Capture:Cam", "Capture:Camera=")]
    [InlineData("edgeshelf run --set capture:camera=a", "Capture:Camera=auto")]
    [InlineData("edgeshelf doctor --set Capture:Gpio:Button:Pull=", "Capture:Gpio:Button:Pull=Up")]
    [InlineData("edgeshelf model use gro", "grocery-81")]
    [InlineData("edgeshelf classify --model gro", "grocery-81")]
    public async Task TheShellCompletesKeysKindsAndModels(string line, string expected)
    {
        (_, string suggested, _) = await InProcess.RunAsync($"[suggest:{line.Length}]", line);

        Assert.Contains(expected, suggested.Split('\n').Select(word => word.Trim()));
    }

    /// <summary>Bash splits words at colons and equals signs; the script must put together what belongs together.</summary>
    [Theory]
    [InlineData("edgeshelf run --set Capture:Camera=r", "rpicam")]
    [InlineData("edgeshelf run --set Capture:Cam", "Camera=")]
    [InlineData("edgeshelf doc", "doctor")]
    public void BashInsertsTheRestOfTheWord(string line, string expected)
    {
        string script = Path.Combine(Checkout.Root, "scripts", "debian", "edgeshelf.bash-completion");
        // What readline does: COMP_WORDS split at the breaks of bash, then the function, then COMPREPLY.
        string bash = $$"""
            edgeshelf() { '{{EdgeShelfProcess.Program}}' "$@"; }
            compopt() { :; }
            source '{{script}}'
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}}
            read -ra COMP_WORDS <<<"${COMP_LINE//[:=]/ & }"
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _edgeshelf
            printf '%s\n' "${COMPREPLY[@]}"
            """;

        using TemporaryFolder state = new();
        using EdgeShelfProcess shell = EdgeShelfProcess.StartBy(state.Path, "bash", "-c", bash);

        Assert.Equal(0, shell.WaitForExit());
        Assert.True(shell.Output.Split('\n').Select(word => word.Trim()).Contains(expected), shell.Output + shell.Errors);
    }

    static bool IsValid(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        return JsonSchema.FromText(SettingsSchema.Create()).Evaluate(document.RootElement).IsValid;
    }

    [GeneratedRegex(@"```json\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
