namespace EdgeShelf.Teaching.Training;

/// <summary>
/// Compares two ways to answer on the same pictures by those that only one of them answers right (the exact sign test; McNemar 1947). A new way is
/// taken only if it wins so often that chance explains it in at most 5 of 100 cases: 5 to 0, 7 to 1, 9 to 2.
/// </summary>
static class PairedTest
{
    /// <summary>The highest probability of such a win by chance at which the new way is taken.</summary>
    public const double MaxChance = 0.05;

    /// <param name="wins">The number of pictures that only the new way answers right.</param>
    /// <param name="losses">The number of pictures that only the old way answers right.</param>
    /// <returns>The probability of at least so many wins if both ways were equally good, 0 to 1.</returns>
    public static double Chance(int wins, int losses)
    {
        int all = wins + losses;
        // The probability of each number of wins follows from that of one more, so that no factorial is needed.
        double log = -all * Math.Log(2);
        double chance = Math.Exp(log);
        double sum = wins <= all ? chance : 0;
        for (int number = all - 1; number >= wins; number--)
        {
            log += Math.Log(number + 1) - Math.Log(all - number);
            sum += Math.Exp(log);
        }
        return Math.Min(1, sum);
    }

    public static bool IsWon(int wins, int losses) => wins > losses && Chance(wins, losses) <= MaxChance;
}
