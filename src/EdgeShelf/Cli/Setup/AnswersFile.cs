using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeShelf.Configuration;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli.Setup;

/// <summary>Reads the file of `setup --answers`. `systemd/README.md` describes it. Every problem of it is found at once.</summary>
static class AnswersFile
{
    static readonly Dictionary<string, string> Wanted = new()
    {
        ["camera"] = "a kind such as \"auto\", or an object with kind, device, url, user and password_file",
        ["broker"] = "an address such as \"mqtts://broker\", or an object with address, user, password or password_file, ca or ca_file, certificate and key",
        ["device"] = "a text: the device's name, in which {serial} and {mac} stand for the board's serial number and its network card's address",
        ["group"] = "a text: the group of the fleet",
        ["fleet_key"] = "a text: the public key that signs the models of the fleet, as PEM",
        ["button"] = "a whole number: the GPIO line of the button",
        ["light"] = "a whole number: the GPIO line of the light",
        ["page"] = "\"network\" or \"device\": who may open the page",
        ["settings"] = "an object with sections as in a configuration file",
    };

    const string Hint = "Fix the file and run the command again. Nothing was written.";
    const string Schema = "$schema";

    static readonly string[] CameraKeys = ["kind", "device", "url", "user", "password_file"];
    static readonly string[] BrokerKeys = ["address", "user", "password", "password_file", "ca", "ca_file", "certificate", "key"];

    /// <summary>This answer may be empty: then the broker asks for no login.</summary>
    const string User = "user";

    /// <summary>Answers that no message may show.</summary>
    static readonly string[] Secrets = ["password", "key"];

    /// <summary>The names of all answers.</summary>
    public static IEnumerable<string> Names => Wanted.Keys;

    /// <param name="board">What stands for the placeholders in names.</param>
    /// <exception cref="ConfigurationException">The file cannot be read, is not a JSON object, or has wrong answers; all of them are named.</exception>
    public static SetupAnswers Read(string path, BoardIdentity board)
    {
        if (!File.Exists(path))
            throw new ConfigurationException(Directory.Exists(path) ? $"{path} is a folder." : $"The file {path} does not exist.", "Name the file with the answers.");
        byte[] json = SettingsFile.Read(path, "a JSON object with answers is needed, for example { \"camera\": \"auto\", \"device\": \"shelf-07\" }", Hint);
        var file = (JsonObject)JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!;
        List<string> problems = [];
        foreach (string unknown in file.Select(answer => answer.Key).Where(key => key != Schema && !Wanted.ContainsKey(key)))
            problems.Add($"{unknown} is not an answer; allowed are {string.Join(", ", Wanted.Keys)}");
        Placeholders names = new(board, problems);
        string? device = names.Fill("device", Take<string>(file, "device", problems));
        BrokerAnswer? broker = Broker(file, names with { Device = device }, problems, out IReadOnlyList<SetupFile> files);
        SetupAnswers answers = new()
        {
            Camera = Camera(file, problems),
            Broker = broker,
            Device = device,
            Group = Take<string>(file, "group", problems),
            Files = [.. files, .. InlinePem.OfFleet(Take<string>(file, "fleet_key", problems), problems)],
            Button = Number(file, "button", problems),
            Light = Number(file, "light", problems),
            PageInNetwork = Take<string>(file, "page", problems) switch
            {
                null => null,
                "network" => true,
                "device" => false,
                string other => Wrong<bool?>(problems, "page", $"\"{other}\""),
            },
            Settings = file["settings"] is null or JsonObject ? file["settings"] as JsonObject : Wrong<JsonObject>(problems, "settings", Shown(file["settings"]!)),
        };
        problems.AddRange(WithoutValue(answers.Settings));
        return problems.Count == 0
            ? answers
            : throw new ConfigurationException($"{path} has {(problems.Count == 1 ? "a wrong answer" : $"{problems.Count} wrong answers")}:\n  - {string.Join("\n  - ", problems)}", Hint);
    }

    /// <summary>Unknown keys with null or an empty section. The later check of all settings sees only keys that change something.</summary>
    static IEnumerable<string> WithoutValue(JsonObject? settings)
    {
        foreach ((string key, _) in SetupAnswers.Flatten(settings).Where(answer => answer.Value is null or JsonObject))
        {
            if (!Setting.All.Any(setting => $"{setting.Key}:".StartsWith($"{key}:", StringComparison.OrdinalIgnoreCase)))
                yield return $"settings: {key} is neither a setting nor a section";
        }
    }

    static CameraAnswer? Camera(JsonObject file, List<string> problems)
    {
        if (file["camera"] is not JsonObject camera)
            return Take<string>(file, "camera", problems) is { } kind ? new CameraAnswer(kind) : null;
        Texts texts = new(camera, "camera", CameraKeys, problems);
        return texts["kind"] is { } named
            ? new CameraAnswer(named, texts["device"], texts["url"], texts["user"], texts["password_file"])
            : texts.Has("kind") ? null : Wrong<CameraAnswer>(problems, "camera", Shown(camera));
    }

    static BrokerAnswer? Broker(JsonObject file, Placeholders names, List<string> problems, out IReadOnlyList<SetupFile> files)
    {
        files = [];
        if (file["broker"] is not JsonObject broker)
            return Take<string>(file, "broker", problems) is { } address ? new BrokerAnswer(address) : null;
        Texts texts = new(broker, "broker", BrokerKeys, problems);
        foreach ((string text, string path) in (ReadOnlySpan<(string, string)>)[("password", "password_file"), ("ca", "ca_file")])
        {
            if (texts[text] is not null && texts[path] is not null)
                problems.Add($"broker:{text} and broker:{path} are both given; one of them is enough");
        }
        files = [.. InlinePem.OfBroker(texts["ca"], texts["certificate"], texts["key"], problems)];
        string? password = texts["password"] ?? (texts["password_file"] is { } secret ? Password(secret, problems) : null);
        if (password?.Contains('\n', StringComparison.Ordinal) == true)
            problems.Add("broker:password has several lines; one line is needed");
        return texts["address"] is { } named
            ? new BrokerAnswer(named, names.Fill("broker:user", texts["user"]), password, texts["ca_file"])
            : texts.Has("address") ? null : Wrong<BrokerAnswer>(problems, "broker", Shown(broker));
    }

    /// <summary>A value for a message. Of sections only the keys are named: a password can stand under a misspelled one.</summary>
    static string Shown(JsonNode answer) => answer switch
    {
        JsonObject section => $"a section with {(section.Count == 0 ? "nothing" : string.Join(", ", section.Select(entry => entry.Key)))}",
        JsonArray => "a list",
        JsonValue value when value.TryGetValue(out string? text) && text.Length == 0 => "empty",
        _ => answer.ToJsonString(),
    };

    /// <summary>The first line of a file. It is copied to the device's own file, which only root can read.</summary>
    static string? Password(string path, List<string> problems)
    {
        try
        {
            if (NamedFile.ReadFirstLine(path) is { Length: > 0 } password)
                return password;
            problems.Add($"broker:password_file is {path}; a file whose first line is the password is needed, and this line is empty");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Add($"broker:password_file is {path}; it cannot be read: {unreadable.Message}");
        }
        return null;
    }

    static int? Number(JsonObject file, string key, List<string> problems) => file[key] switch
    {
        null => null,
        // The schema's integers include 17.0, which no integer type of .NET reads.
        JsonValue value when value.TryGetValue(out decimal number) && decimal.IsInteger(number) && number is >= int.MinValue and <= int.MaxValue => (int)number,
        { } other => Wrong<int?>(problems, key, Shown(other)),
    };

    static T? Take<T>(JsonObject file, string key, List<string> problems) where T : class => file[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out T? text) && text is not "" => text,
        { } other => Wrong<T>(problems, key, Shown(other)),
    };

    static T? Wrong<T>(List<string> problems, string key, string value)
    {
        problems.Add($"{key} is {value}; needed is {Wanted[key]}");
        return default;
    }

    /// <summary>The texts of an inner object. Other keys and other values are problems.</summary>
    sealed class Texts
    {
        readonly JsonObject _from;

        public Texts(JsonObject from, string name, string[] keys, List<string> problems)
        {
            _from = from;
            foreach ((string key, JsonNode? value) in from)
            {
                if (!keys.Contains(key))
                    problems.Add($"{name}:{key} is not an answer; allowed are {string.Join(", ", keys)}");
                else if (value is not null && (value.GetValueKind() != JsonValueKind.String || IsEmpty(key)))
                    problems.Add($"{name}:{key} is {(Secrets.Contains(key) && !IsEmpty(key) ? value.GetValueKind() : Shown(value))}; a text is needed");
            }
        }

        public string? this[string key] => !IsEmpty(key) && _from[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

        /// <summary>Whether there is a value, be it a wrong one.</summary>
        public bool Has(string key) => _from[key] is not null;

        bool IsEmpty(string key) => key != User && _from[key] is JsonValue value && value.TryGetValue(out string? text) && text.Length == 0;
    }
}
