using System.Text;
using EdgeShelf.Platform;

namespace EdgeShelf.Cli;

/// <summary>
/// Writer for the output of the verbs. It passes line breaks and tabs and shows all other control characters as codes. File names,
/// labels and responses from other machines reach a terminal only through this class.
/// </summary>
sealed class PlainWriter(TextWriter output) : TextWriter(output.FormatProvider)
{
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

    public override void Flush() => output.Flush();

    static bool IsHeldBack(char letter) => letter is not ('\n' or '\t') && PlainText.IsObeyed(letter);
}
