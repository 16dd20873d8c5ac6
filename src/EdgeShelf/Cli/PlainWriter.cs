using System.Globalization;
using System.Text;
using EdgeShelf.Platform;

namespace EdgeShelf.Cli;

/// <summary>
/// Writer for the output of the verbs. It passes line breaks and tabs and shows all other control characters as codes. File names,
/// labels and responses from other machines reach a terminal only through this class.
/// </summary>
/// <param name="hasColours">Whether <paramref name="output"/> is a terminal that shows colours.</param>
sealed class PlainWriter(TextWriter output, bool hasColours = false) : TextWriter(output.FormatProvider)
{
    /// <summary>Whether standard output is a terminal that shows colours. See https://no-color.org.</summary>
    public static bool ShowsColours => !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    public override Encoding Encoding => output.Encoding;

    public override void Write(char value)
    {
        if (!IsHeldBack(value))
        {
            output.Write(value);
            return;
        }
        StringBuilder shown = new();
        PlainText.Append(shown, value);
        output.Write(shown);
    }

    public override void Write(string? value)
    {
        if (value is null)
            return;
        if (value.Any(IsHeldBack))
            base.Write(value);
        else
            output.Write(value);
    }

    public bool HasColours => hasColours;

    /// <summary>Writes text in 24-bit colours, if the terminal shows colours.</summary>
    public void Write(string text, Rgb letters, Rgb behind)
    {
        if (hasColours)
            output.Write(string.Create(CultureInfo.InvariantCulture, $"\e[38;2;{letters.Red};{letters.Green};{letters.Blue};48;2;{behind.Red};{behind.Green};{behind.Blue}m"));
        Write(text);
        if (hasColours)
            output.Write("\e[0m");
    }

    /// <summary>Writes text in a colour, if the terminal shows colours.</summary>
    /// <param name="colour">The number of the colour as in ECMA-48's SGR, 30 to 37.</param>
    public void Write(string text, int colour)
    {
        if (hasColours)
            output.Write($"\e[{colour}m");
        Write(text);
        if (hasColours)
            output.Write("\e[0m");
    }

    public override void Flush() => output.Flush();

    static bool IsHeldBack(char letter) => letter is not ('\n' or '\t') && PlainText.IsObeyed(letter);
}
