using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace EdgeShelf.Cli;

/// <summary>Reads the numbers of all verbs, because the parser's own message about a wrong one names a type of .NET.</summary>
static class NumberWords
{
    const string Whole = "a whole number";

    /// <summary>Gives each option and argument that is a number, and has no parser of its own, one with plain words.</summary>
    public static void AddTo(Command command)
    {
        foreach (Option option in command.Options)
        {
            switch (option)
            {
                case Option<int> number: number.CustomParser ??= result => Read<int>(result, Whole); break;
                case Option<int?> number: number.CustomParser ??= result => Read<int>(result, Whole); break;
                case Option<double> number: number.CustomParser ??= result => Read<double>(result, "a number"); break;
                case Option<double?> number: number.CustomParser ??= result => Read<double>(result, "a number"); break;
                case Option<double[]> numbers: numbers.CustomParser ??= ReadAll; break;
            }
        }
        foreach (Argument argument in command.Arguments)
        {
            switch (argument)
            {
                case Argument<int> number: number.CustomParser ??= result => Read<int>(result, Whole); break;
                case Argument<int?> number: number.CustomParser ??= result => result.Tokens.Count == 0 ? null : Read<int>(result, Whole); break;
                case Argument<long> number: number.CustomParser ??= result => Read<long>(result, Whole); break;
                case Argument<long?> number: number.CustomParser ??= result => result.Tokens.Count == 0 ? null : Read<long>(result, Whole); break;
            }
        }
        foreach (Command verb in command.Subcommands)
            AddTo(verb);
    }

    static T Read<T>(ArgumentResult result, string needed) where T : struct, INumber<T> =>
        // The parser reports an absent value by itself.
        result.Tokens.Count == 0 ? default : Parse<T>(result, result.Tokens[^1].Value, needed);

    static double[] ReadAll(ArgumentResult result) => [.. result.Tokens.Select(token => Parse<double>(result, token.Value, "a number"))];

    static T Parse<T>(ArgumentResult result, string text, string needed) where T : struct, INumber<T>
    {
        // A thousands separator is not allowed: 0,5 would be 5.
        NumberStyles style = NumberStyles.AllowLeadingSign | (needed == Whole ? NumberStyles.None : NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent);
        if (!T.TryParse(text, style, CultureInfo.InvariantCulture, out T number))
            result.AddError($"{(result.Parent as OptionResult)?.Option.Name ?? result.Argument.Name} is \"{text}\"; {needed} is needed{(IsTooLarge<T>(text) ? $" that is at most {MaxOf<T>()}" : "")}.");
        return number;
    }

    static bool IsTooLarge<T>(string text) where T : struct, INumber<T> => typeof(T) != typeof(double) && BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    static string MaxOf<T>() => (typeof(T) == typeof(int) ? int.MaxValue : long.MaxValue).ToString(CultureInfo.InvariantCulture);
}
