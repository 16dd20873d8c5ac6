namespace EdgeShelf.Cli.Setup;

/// <summary>Asks questions in a terminal. An empty answer takes what stands in brackets.</summary>
/// <param name="readSecret">Reads a line without showing it, or null if the input is not a terminal; the line is then read like any other.</param>
sealed class Prompt(TextReader input, TextWriter output, Func<string?>? readSecret = null)
{
    public TextWriter Output => output;

    /// <returns>The answer without spaces around it, or the default.</returns>
    /// <exception cref="OperationCanceledException">The input ended, or the person pressed Ctrl-C.</exception>
    public async Task<string> AskAsync(string question, string @default, CancellationToken cancellationToken)
    {
        output.Write($"{question} [{(@default.Length == 0 ? "none" : @default)}] ");
        string answer = await ReadAsync(input.ReadLine, cancellationToken);
        return answer.Length == 0 ? @default : answer;
    }

    /// <summary>Asks until the answer is valid.</summary>
    /// <param name="problem">Returns what is wrong with an answer, or null.</param>
    public async Task<string> AskAsync(string question, string @default, Func<string, string?> problem, CancellationToken cancellationToken)
    {
        while (true)
        {
            string answer = await AskAsync(question, @default, cancellationToken);
            if (problem(answer) is not { } wrong)
                return answer;
            output.WriteLine($"  {wrong}");
        }
    }

    public async Task<bool> YesAsync(string question, bool @default, CancellationToken cancellationToken)
    {
        string answer = await AskAsync(question, @default ? "yes" : "no", text => IsYes(text) || IsNo(text) ? null : "Answer yes or no.", cancellationToken);
        return IsYes(answer);
    }

    /// <returns>The number of the chosen line, counted from 0.</returns>
    public async Task<int> ChooseAsync(string question, IReadOnlyList<string> choices, int @default, CancellationToken cancellationToken)
    {
        for (int i = 0; i < choices.Count; i++)
            output.WriteLine($"  {i + 1}  {choices[i]}");
        string answer = await AskAsync(
            question, $"{@default + 1}", text => int.TryParse(text, out int number) && number >= 1 && number <= choices.Count ? null : $"Answer with a number from 1 to {choices.Count}.", cancellationToken);
        return int.Parse(answer, System.Globalization.CultureInfo.InvariantCulture) - 1;
    }

    /// <returns>The password, or null if none was typed.</returns>
    public async Task<string?> AskSecretAsync(string question, CancellationToken cancellationToken)
    {
        output.Write($"{question} ");
        string answer = await ReadAsync(readSecret ?? input.ReadLine, cancellationToken);
        if (readSecret is not null)
            output.WriteLine();
        return answer.Length == 0 ? null : answer;
    }

    static bool IsYes(string text) => text.Equals("yes", StringComparison.OrdinalIgnoreCase) || text.Equals("y", StringComparison.OrdinalIgnoreCase);

    static bool IsNo(string text) => text.Equals("no", StringComparison.OrdinalIgnoreCase) || text.Equals("n", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reading from a terminal cannot be cancelled, so a thread of the pool reads, and after Ctrl-C nobody waits for it.</summary>
    async Task<string> ReadAsync(Func<string?> read, CancellationToken cancellationToken)
    {
        output.Flush();
        string? line = await Task.Run(read, cancellationToken).WaitAsync(cancellationToken);
        return line?.Trim() ?? throw new OperationCanceledException("The input ended.");
    }
}
