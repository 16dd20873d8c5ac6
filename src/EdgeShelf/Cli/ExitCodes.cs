namespace EdgeShelf.Cli;

static class ExitCodes
{
    public const int Fine = 0;
    public const int Failed = 1;
    public const int BadUsage = 2;

    /// <summary>`edgeshelf fleet` did nothing, because no device has reported a group that was named.</summary>
    public const int NobodyThere = 3;
}
