//! Tables of incidents. The only place that knows polars: rows and columns go in, figures and
//! CSV come out, and no polars type does.

use polars::prelude::*;
use polars_io::SerWriter;
use polars_io::csv::write::CsvWriter;

/// Incidents by row, texts and figures by column.
#[derive(Clone, Debug)]
pub struct Frame(DataFrame);

/// The quantiles of one column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantiles {
    /// Rows that have a figure.
    pub n: usize,
    /// Half are smaller.
    pub median: f64,
    /// Three in four are smaller.
    pub p75: f64,
    /// Nine in ten are smaller.
    pub p90: f64,
}

impl Frame {
    /// A table of named columns of one length, texts first.
    pub fn new(
        texts: Vec<(&str, Vec<String>)>,
        figures: Vec<(&str, Vec<Option<f64>>)>,
    ) -> anyhow::Result<Self> {
        let texts = texts
            .into_iter()
            .map(|(name, cells)| Column::new(name.into(), cells));
        let figures = figures
            .into_iter()
            .map(|(name, cells)| Column::new(name.into(), cells));
        Ok(Self(DataFrame::new_infer_height(
            texts.chain(figures).collect(),
        )?))
    }

    /// The quantiles of a column of figures, interpolated between neighbours; `None` if it has none.
    pub fn quantiles(&self, column: &str) -> anyhow::Result<Option<Quantiles>> {
        let at = |share: f64| col(column).quantile(lit(share), QuantileMethod::Linear);
        let row = self
            .0
            .clone()
            .lazy()
            .select([
                col(column).count().cast(DataType::Float64).alias("n"),
                at(0.5).alias("median"),
                at(0.75).alias("p75"),
                at(0.9).alias("p90"),
            ])
            .collect()?;
        let cell =
            |name: &str| -> PolarsResult<Option<f64>> { Ok(row.column(name)?.f64()?.get(0)) };
        let (Some(n), Some(median), Some(p75), Some(p90)) =
            (cell("n")?, cell("median")?, cell("p75")?, cell("p90")?)
        else {
            return Ok(None);
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let n = n as usize;
        Ok(Some(Quantiles {
            n,
            median,
            p75,
            p90,
        }))
    }

    /// The table as CSV (RFC 4180) with a head. Texts that a spreadsheet would run as a formula
    /// are defused with an apostrophe.
    pub fn csv(&self) -> anyhow::Result<String> {
        let defused = |column: &Column| match column.str() {
            Ok(cells) => cells
                .apply_values(|cell| {
                    if is_formula(cell) {
                        format!("'{cell}").into()
                    } else {
                        cell.into()
                    }
                })
                .into_column(),
            Err(_) => column.clone(),
        };
        let mut table =
            DataFrame::new_infer_height(self.0.columns().iter().map(defused).collect())?;
        let mut out = Vec::new();
        CsvWriter::new(&mut out).finish(&mut table)?;
        Ok(String::from_utf8(out)?)
    }
}

fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::population::quantile;

    fn frame(figures: Vec<Option<f64>>) -> Frame {
        let names = (0..figures.len())
            .map(|n| format!("incident {n}"))
            .collect();
        Frame::new(vec![("id", names)], vec![("minutes", figures)]).expect("a table")
    }

    #[test]
    fn quantiles_are_those_of_the_plain_twin() {
        let values = [31.0, 7.5, 120.0, 64.0, 3.0, 255.0, 75.0];
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let table = frame(values.iter().copied().map(Some).chain([None]).collect());
        let found = table.quantiles("minutes").expect("figures").expect("some");
        assert_eq!(found.n, 7);
        for (got, share) in [(found.median, 0.5), (found.p75, 0.75), (found.p90, 0.9)] {
            let plain = quantile(&sorted, share).expect("some");
            assert!((got - plain).abs() < 1e-9, "{share}: {got}, plain {plain}");
        }
    }

    #[test]
    fn nothing_has_no_quantiles() {
        assert_eq!(
            frame(vec![None, None])
                .quantiles("minutes")
                .expect("figures"),
            None
        );
    }

    #[test]
    fn a_sheet_takes_no_text_for_a_formula() {
        let table = Frame::new(
            vec![(
                "id",
                vec!["=cmd|' /C calc'!A0".to_owned(), "a,b".to_owned()],
            )],
            vec![("m", vec![Some(1.5), None])],
        );
        let text = table.and_then(|t| t.csv()).expect("csv");
        assert_eq!(text, "id,m\n'=cmd|' /C calc'!A0,1.5\n\"a,b\",\n");
    }
}
