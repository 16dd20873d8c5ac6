using System.Globalization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>A model's name is a folder's name, a word on the command line and a field of each result: the same plain word in all three.</summary>
static class ModelName
{
    public const int Longest = 64;

    /// <summary>Digits of the number that a trained model's folder ends in.</summary>
    const int Digits = 4;

    public static bool IsPlain(string name) => name.Length is > 0 and <= Longest && name[0] != '.'
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');

    /// <exception cref="ConfigurationException">It is no plain folder name; says which option gave it.</exception>
    public static string Plain(string name, string option) => IsPlain(name)
        ? name
        : throw new ConfigurationException(
            $"{option} is \"{LabelText.Show(name)}\"; 1 to {Longest} of the letters A to Z, digits, -, _ and . are allowed, and no . at the start.", "Choose another name.");

    /// <summary>A plain name that hides no shipped model and does not stand where the choice of the model in use is kept.</summary>
    /// <exception cref="ConfigurationException">Not so; says which option gave it.</exception>
    public static string OfTrained(string name, string option)
    {
        if (Directory.Exists(Path.Combine(ModelsOptions.Shipped, Plain(name, option))))
            throw new ConfigurationException($"{option} is {name}, which is the name of a model that came with the program.", "Choose another name.");
        return !name.Equals("in-use.json", StringComparison.OrdinalIgnoreCase)
            ? name
            : throw new ConfigurationException($"{option} is {name}, which is the file that says which model is in use.", "Choose another name.");
    }

    /// <summary>The name with the next number: `NAME-0001`, then `NAME-0002`. A number is used once, as long as a later one is still there.</summary>
    /// <param name="root">Where the folders are; it need not exist.</param>
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
