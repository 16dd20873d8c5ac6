namespace EdgeShelf.Tests.Chaos;

/// <summary>The judge of the chaos runs is no use when it lets everything pass.</summary>
public sealed class LedgerTests
{
    [Fact]
    public void ACleanRecordHasNoProblems() => Assert.Empty(Problems(accepted: [1, 2], Result(1), Result(2), Result(2)));

    [Fact]
    public void ANumberThatNeverCameIsAProblem() => Assert.Contains("number 2 was committed", Assert.Single(Problems(accepted: [1, 2], Result(1))));

    [Fact]
    public void AGapBetweenNumbersIsAProblemUnlessAnEventExplainsIt()
    {
        Assert.Contains("number 2 is missing", Assert.Single(Problems(accepted: [], Result(1), Result(3))));
        Assert.Empty(Problems(accepted: [2], Result(1), Result(3), new Message(4, "chaos-4", "dropped", null, 2, 2)));
    }

    [Fact]
    public void AnOrderThatIsBrokenIsAProblem() => Assert.Contains("after 2", Assert.Single(Problems(accepted: [], Result(2), Result(1))));

    [Fact]
    public void CopiesThatDifferAreAProblem() => Assert.Contains("differ", Assert.Single(Problems(accepted: [], Result(1), Result(1) with { Text = "another" })));

    [Fact]
    public void APictureFromNowhereIsAProblem() => Assert.Contains("never gave", Assert.Single(Problems(accepted: [], Result(1) with { Sha256 = "other" })));

    [Fact]
    public void WhatTheBrokerDidNotTakeIsNotSettled()
    {
        Ledger ledger = new();
        ledger.Sent(Result(1));

        Assert.Contains(ledger.Problems([1], _ => true), problem => problem.Contains("number 1 was committed", StringComparison.Ordinal));
    }

    static List<string> Problems(long[] accepted, params Message[] messages)
    {
        Ledger ledger = new();
        foreach (Message message in messages)
        {
            ledger.Sent(message);
            ledger.Received(message);
        }
        return [.. ledger.Problems(accepted, sha256 => sha256 == "picture")];
    }

    static Message Result(long seq) => new(seq, $"chaos-{seq}", $"document {seq}", "picture", null, null);
}
