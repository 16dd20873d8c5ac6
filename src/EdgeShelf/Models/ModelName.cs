using System.Globalization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>Rules for model names. A name is used as a folder name, on the command line and in each result, so it is limited to plain characters.</summary>
static class ModelName
{
    public const int Longest = 64;

    /// <summary>Number of digits at the end of a trained model's folder name.</summary>
    const int Digits = 4;

    public static bool IsPlain(string name) => name.Length is > 0 and <= Longest && name[0] != '.'
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');

    /// <exception cref="ConfigurationException">The name is not a plain folder name; the message says which option gave it.</exception>
    public static string Plain(string name, string option) => IsPlain(name)
        ? name
        : throw new ConfigurationException(
            $"{option} is \"{LabelText.Show(name)}\"; 1 to {Longest} of the letters A to Z, digits, -, _ and . are allowed, and no . at the start.", "Choose another name.");

    /// <summary>Requires a plain name that does not hide a shipped model and does not collide with the file that stores the choice of model.</summary>
    /// <exception cref="ConfigurationException">The name does not meet these rules; the message says which option gave it.</exception>
    public static string OfTrained(string name, string option)
    {
        if (Directory.Exists(Path.Combine(ModelsOptions.Shipped, Plain(name, option))))
            throw new ConfigurationException($"{option} is {name}, which is the name of a model that came with the program.", "Choose another name.");
        return !name.Equals("in-use.json", StringComparison.OrdinalIgnoreCase)
            ? name
            : throw new ConfigurationException($"{option} is {name}, which is the file that says which model is in use.", "Choose another name.");
    }

    /// <summary>Returns the name with the next number: `NAME-0001`, then `NAME-0002`. A number is not used again while a folder with a later number exists.</summary>
    /// <param name="root">Directory that contains the model folders; it need not exist.</param>
    public static string Next(string root, string name)
    {
        IEnumerable<string> there = Directory.Exists(root) ? Directory.EnumerateFileSystemEntries(root) : [];
        int last = there.Select(path => Path.GetFileName(path))
            .Where(other => other.StartsWith(name + "-", StringComparison.Ordinal))
            .Select(other => other[(name.Length + 1)..])
            .Select(end => end.Length >= Digits && int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)
            .DefaultIfEmpty().Max();
        return string.Create(CultureInfo.InvariantCulture, $"{name}-{last + 1:D4}");
    }
}
