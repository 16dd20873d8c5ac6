using System.Collections;
using System.CommandLine;
using System.Reflection;
using System.Text;
using System.Text.Json;
using EdgeShelf.Capture.Triggers;
using EdgeShelf.Cli;
using EdgeShelf.Configuration;
using EdgeShelf.Logging;
using EdgeShelf.Models;
using EdgeShelf.Publish.Documents;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Publish.Requests;
using EdgeShelf.Tests.Support;
using Serilog.Core;

namespace EdgeShelf.Tests.Seams;

/// <summary>
/// Wrong input for every verb, every setting, the configuration file, a model's files and the requests, made from the real ones by a seed. Whatever
/// comes in, nobody sees a stack trace, and the exit code is 0, 1 or 2.
/// </summary>
public sealed class WrongInputTests : IDisposable
{
    const int Seed = 20261127;

    readonly TemporaryFolder _folder = new();
    readonly Random _random = new(Seed);
    readonly string[] _settings = [.. ConfigurationCheck.Sections.SelectMany(section => SettingsOf(section.Section, section.Options.Type))];
    readonly string[] _values;

    public WrongInputTests()
    {
        TinyModel.WriteTo(_folder.File("models"));
        Directory.CreateDirectory(_folder.File("empty"));
        Directory.CreateDirectory(_folder.File("state"));
        Directory.CreateDirectory(_folder.File("damaged"));
        File.WriteAllText(Path.Combine(_folder.File("damaged"), DurableOutbox.FileName), "This is no database, and it is longer than the header of one would be, so that SQLite has something to look at.");
        string text = _folder.Write("file.txt", "path,label\nno.jpg,No\n");
        // Nothing here can be made outside of the test's folder and the build's own: root runs the tests too.
        _values =
        [
            "", " ", "0", "-1", "1", "7", "99999999999999999999", "1e999", "NaN", "∞", "-0", "0x10", "true", "00:00:90", "5:00", "90s", "-90s", "=", ":", "a:b=c", "a=b", "%s%n{0}",
            "'", "\"", "\\", "\u0001", "\n", "größe", "🦆", "xn--a-", "..", ".", "../..", "/proc/nowhere/at/all", "/dev/null", "@/proc/nowhere", $"@{text}", "--", "-", "--nope", "[suggest]",
            _folder.Path, _folder.File("empty"), _folder.File("damaged"), text, $"{text}/below", "tiny", "mqtt://", "http://[", "mqtt://127.0.0.1:1", new string('x', 5000),
        ];
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WrongCommandLines()
    {
        Command[] verbs = [.. Leaves(CommandLine.Create())];
        Assert.True(verbs.Length > 15);
        for (int i = 0; i < 300; i++)
            await CheckAsync(WrongLine(verbs[i % verbs.Length]));
    }

    [Fact]
    public async Task WrongSettings()
    {
        Assert.True(_settings.Length > 50);
        foreach (string setting in _settings)
        {
            await CheckAsync(["config", "validate", .. Usual, "--set", $"{setting}=00:00:90"]);
            await CheckAsync(["config", "validate", .. Usual, "--set", $"{setting}={Value()}"]);
            await CheckAsync(["config", "show", .. Usual, "--set", $"{setting}={Value()}", "--set", $"{_settings[_random.Next(_settings.Length)]}:0={Value()}"]);
        }
    }

    [Fact]
    public async Task WrongConfigurationFiles()
    {
        byte[] fine = Encoding.UTF8.GetBytes("""{ "Capture": { "Camera": "folder", "Interval": "90s", "Gpio": { "Button": { "Line": 17 } } }, "Web": { "AllowedHosts": ["a", "b\u00e4"] }, "Vision": { "MinMargin": 0.5 } }""");
        for (int i = 0; i < 60; i++)
        {
            File.WriteAllBytes(_folder.File("edgeshelf.json"), Spoiled(fine));
            await CheckAsync(["config", i % 2 == 0 ? "validate" : "show", "--config", _folder.File("edgeshelf.json"), .. Usual]);
        }
    }

    [Fact]
    public async Task WrongModels()
    {
        string folder = Path.Combine(_folder.File("models"), TinyModel.Name);
        string[] files = [ModelManifest.FileName, ModelManifest.LabelsFileName, ModelManifest.ModelFileName];
        byte[][] fine = [.. files.Select(file => File.ReadAllBytes(Path.Combine(folder, file)))];
        for (int i = 0; i < 60; i++)
        {
            for (int file = 0; file < files.Length; file++)
                File.WriteAllBytes(Path.Combine(folder, files[file]), file == i % 4 || (file == 0 && i % 4 == 3) ? Spoiled(fine[file]) : fine[file]);
            await CheckAsync(["model", (i % 3) switch { 0 => "verify", 1 => "show", _ => "use" }, TinyModel.Name, .. Usual]);
            await CheckAsync(["model", "list", .. Usual]);
        }
    }

    [Fact]
    public async Task WrongRequests()
    {
        RequestHandler handler = new([IntervalCommand.Create(new CaptureInterval(TimeSpan.FromMinutes(1))), LogLevelCommand.Create(new LoggingLevelSwitch())]);
        byte[] fine = Encoding.UTF8.GetBytes("""{"value":"00:01:30","transaction":{"id":[1,"\u00e4"]}}""");
        for (int i = 0; i < 200; i++)
        {
            byte[] payload = i % 2 == 0 ? Spoiled(fine) : JsonSerializer.SerializeToUtf8Bytes(new { value = Value(), transaction = Value() });
            ResponseDocument response = await handler.AnswerAsync(i % 3 == 0 ? "log-level" : "interval", payload, TestContext.Current.CancellationToken);
            string json = JsonSerializer.Serialize(response, ResultDocument.Json);
            Assert.DoesNotContain("   at ", json, StringComparison.Ordinal);
            Assert.DoesNotContain("LineNumber", json, StringComparison.Ordinal);
        }
    }

    static async Task CheckAsync(string[] arguments)
    {
        (int exitCode, string output, string errors) = await InProcess.RunAsync(arguments);

        string all = $"{output}\n{errors}";
        Assert.DoesNotContain("type 'System.", all, StringComparison.Ordinal);
        string shown = $"`edgeshelf {string.Join(' ', arguments.Select(argument => argument.Length > 60 ? argument[..60] + "…" : argument))}` gave {exitCode} and {all}";
        Assert.True(exitCode is ExitCodes.Fine or ExitCodes.Failed or ExitCodes.BadUsage, shown);
        Assert.False(all.Split('\n').Any(line => line.StartsWith("   at ", StringComparison.Ordinal)), shown);
        Assert.False(all.Contains("Unhandled exception", StringComparison.Ordinal), shown);
        Assert.False(all.Contains("This is a fault of EdgeShelf", StringComparison.Ordinal), shown);
        Assert.False(exitCode != ExitCodes.Fine && string.IsNullOrWhiteSpace(all), shown);
    }

    string[] WrongLine(Command verb)
    {
        List<string> line = [.. Words(verb)];
        bool hasSettings = verb.Options.Any(option => option.Name == "--set");
        foreach (Argument argument in verb.Arguments)
        {
            for (int count = _random.Next(argument.Arity.MinimumNumberOfValues, Math.Min(argument.Arity.MaximumNumberOfValues, 2) + 1); count > 0; count--)
                line.Add(Value());
        }
        foreach (Option option in verb.Options.Where(option => option.Name is not "--set"))
        {
            if (!option.Required && _random.Next(3) > 0)
                continue;
            line.Add(option.Name);
            for (int count = option.Arity.MinimumNumberOfValues; count > 0; count--)
                line.Add(Value());
        }
        if (hasSettings)
            line.AddRange(Usual);
        if (hasSettings && _random.Next(3) == 0)
            line.AddRange(["--set", $"{_settings[_random.Next(_settings.Length)]}={Value()}"]);
        // Without a fault these two would run until they are stopped.
        if (verb.Name == "run")
            line.AddRange(["--set", "Nope:Nope=1"]);
        if (verb.Name == "demo")
            line.AddRange(["--interval", "5:00"]);
        return [.. line];
    }

    /// <summary>Nothing of this machine's own service, and a broker that refuses at once.</summary>
    string[] Usual =>
    [
        "--set", $"Models:Trained={_folder.File("models")}", "--set", "Models:Name=tiny", "--set", $"Publish:Folder={_folder.File("state")}", "--set", "Publish:Broker=mqtt://127.0.0.1:1",
        "--set", $"Capture:Folder:Path={_folder.File("empty")}", "--set", $"Log:Path={_folder.File("edgeshelf.log")}", "--set", $"Web:TokenFile={_folder.File("token")}",
    ];

    string Value() => _values[_random.Next(_values.Length)];

    /// <summary>A few bytes are changed, taken out, put in or cut off.</summary>
    byte[] Spoiled(byte[] fine)
    {
        List<byte> bytes = [.. fine];
        for (int change = _random.Next(1, 4); change > 0 && bytes.Count > 1; change--)
        {
            int at = _random.Next(bytes.Count);
            switch (_random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(_random.Next(1, 8), bytes.Count - at));
                    break;
                case 2:
                    bytes.Insert(at, (byte)"{}[]\",:\\0-e.tnu \n"[_random.Next(17)]);
                    break;
                case 3:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(new[] { "null", "\"\\ud800\"", "[]", "{}", "-1", "1e999", "\"\"", "\\u0000" }[_random.Next(8)]));
                    break;
                default:
                    if (_random.Next(4) == 0)
                        bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }
        return [.. bytes];
    }

    static IEnumerable<Command> Leaves(Command command) => command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);

    static IEnumerable<string> Words(Command verb) =>
        verb.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand ? [.. Words(parent), verb.Name] : [verb.Name];

    static IEnumerable<string> SettingsOf(string path, Type type)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            Type value = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            bool isSection = value.IsClass && value != typeof(string) && !typeof(IEnumerable).IsAssignableFrom(value);
            foreach (string setting in isSection ? SettingsOf($"{path}:{property.Name}", value) : [$"{path}:{property.Name}"])
                yield return setting;
        }
    }
}
