namespace EdgeShelf.Pictures.Alignment;

/// <summary>More linear equations than unknowns, solved by least squares through the normal equations.</summary>
/// <param name="unknowns">The number of unknowns.</param>
sealed class LinearEquations(int unknowns)
{
    readonly double[,] _normal = new double[unknowns, unknowns + 1];

    /// <summary>Adds the equation `factors · unknowns = value`.</summary>
    public void Add(ReadOnlySpan<double> factors, double value)
    {
        for (int row = 0; row < unknowns; row++)
        {
            for (int column = 0; column < unknowns; column++)
                _normal[row, column] += factors[row] * factors[column];
            _normal[row, unknowns] += factors[row] * value;
        }
    }

    /// <summary>Returns the solution, or null if the equations do not define one. It may be called once.</summary>
    public double[]? Solve()
    {
        const double Singular = 1e-9;
        for (int pivot = 0; pivot < unknowns; pivot++)
        {
            int largest = pivot;
            for (int row = pivot + 1; row < unknowns; row++)
                largest = Math.Abs(_normal[row, pivot]) > Math.Abs(_normal[largest, pivot]) ? row : largest;
            if (Math.Abs(_normal[largest, pivot]) < Singular)
                return null;
            for (int column = 0; column <= unknowns; column++)
                (_normal[pivot, column], _normal[largest, column]) = (_normal[largest, column], _normal[pivot, column]);
            for (int row = 0; row < unknowns; row++)
            {
                double factor = row == pivot ? 0 : _normal[row, pivot] / _normal[pivot, pivot];
                for (int column = pivot; column <= unknowns; column++)
                    _normal[row, column] -= factor * _normal[pivot, column];
            }
        }
        double[] solution = new double[unknowns];
        for (int row = 0; row < unknowns; row++)
            solution[row] = _normal[row, unknowns] / _normal[row, row];
        return solution;
    }
}
